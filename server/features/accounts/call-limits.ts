import type { RouteLimit } from '../../http/contract/rate-limits.js';

/** New accounts from one address. */
export const registrationLimit: RouteLimit = { calls: { points: 300, windowSeconds: 600 } };

/** Answers of somebody who registers, judged as they are typed: several for each account. */
export const checkLimit: RouteLimit = { calls: { points: 1_200, windowSeconds: 600 } };

/** Tries of one user to set a password, each of which may guess the current one. */
export const passwordLimit: RouteLimit = { calls: { points: 30, windowSeconds: 600 } };
