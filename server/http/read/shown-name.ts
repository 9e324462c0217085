/** The longest part of a name that is shown. */
const maxNameLength = 100;

/** A name of a field as a sentence shows it: one that the client made up may be empty, long, or hold anything. */
export function shownName(field: string): string {
  const name = field.slice(0, maxNameLength);
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name);
}
