/** How long sessions last. */
export interface SessionLifetimes {
  /** How long a session lasts from its last use on. */
  readonly idleMicros: number;
  /** How long a session lasts from the login on, however much it is used. */
  readonly absoluteMicros: number;
}

const hourMicros = 3_600_000_000;

/** The lifetimes that an operator has set in hours and days. */
export const sessionLifetimes = (settings: {
  readonly sessionIdleHours: number;
  readonly sessionDays: number;
}): SessionLifetimes => ({
  idleMicros: settings.sessionIdleHours * hourMicros,
  absoluteMicros: settings.sessionDays * 24 * hourMicros,
});
