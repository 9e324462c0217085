import type { ErrorCode } from '../../errors.js';
import type { Answer } from '../contract/route.js';

/** A decision as the ledger answers it, as far as HTTP is concerned. */
interface Decided {
  readonly status: number;
  readonly code: ErrorCode | null;
  readonly json: string;
  readonly location: string | null;
  readonly isReplay: boolean;
  readonly retryAfterSeconds: number | null;
}

/** The answer of a decision, its bytes as the ledger keeps them under the idempotency key. */
export function ledgerAnswer({ status, code, json, location, isReplay, retryAfterSeconds }: Decided): Answer {
  if (status === 204) {
    return { status };
  }
  const headers = {
    ...(location !== null && { Location: location }),
    ...(isReplay && { 'Idempotency-Replayed': 'true' }),
    ...(retryAfterSeconds !== null && { 'Retry-After': String(retryAfterSeconds) }),
  };
  return code === null
    ? { status, json, headers }
    : { status, content: json, mediaType: 'application/problem+json', headers, code };
}
