import { sessionLifetimes } from '../../server/features/sessions/lifetimes.js';

/** How long sessions last where the operator has said nothing. */
export const usualLifetimes = sessionLifetimes({ sessionIdleHours: 24, sessionDays: 30 });
