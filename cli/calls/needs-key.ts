import type { Call } from '../api/api.js';

// What takes an Idempotency-Key: it moves money, or asks somebody for it.
const paths: readonly RegExp[] = [
  /^\/v1\/payments$/,
  /^\/v1\/payments\/[^/]+\/refunds$/,
  /^\/v1\/payouts$/,
  /^\/v1\/requests$/,
  /^\/v1\/requests\/[^/]+\/accept$/,
  /^\/v1\/admin\/adjustments$/,
];

/** Whether a call is one that must happen at most once; a rehearsal is none. */
export function needsKey({ method, path, body }: Call): boolean {
  const isRehearsal = (body as { readonly dryRun?: unknown } | undefined)?.dryRun === true;
  return method === 'POST' && !isRehearsal && paths.some((pattern) => pattern.test(path));
}
