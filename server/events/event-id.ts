/** Sorts before the id of every event: whoever reads on from it gets all there are. */
export const beforeAllEvents = `evt_${'0'.repeat(26)}`;

const eventId = /^evt_[0-9A-HJKMNP-TV-Z]{26}$/;

/** Whether the text has the form of an event's id. */
export function isEventId(text: string): boolean {
  return eventId.test(text);
}
