import type { ErrorCode } from '../../../../server/errors.js';
import type { Decision } from '../../../../server/ledger/rule.js';
import { type Expected, refused } from './expected.js';

/** Refusals that stay under their key, as far as a payment can have them. */
const remembered: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'USER_NOT_FOUND',
  'SELF_PAYMENT',
  'ACCOUNT_FROZEN',
  'INSUFFICIENT_FUNDS',
  'RATE_CHANGED',
]);

/** The same text for the same members in whatever order. */
function spelledInOrder(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value) ?? '';
  }
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${name}:${spelledInOrder(member)}`).join()}}`;
}

/** What was asked first under each idempotency key of each user. */
export class ModelKeys {
  readonly #keys = new Map<string, { readonly asked: string; readonly requestId: string }>();

  /** How many keys stand for something. */
  get size(): number {
    return this.#keys.size;
  }

  /** What is to be answered: by what stands under its key, and else as it is judged, which its key stands for from then on. */
  expect({ rule, input, key, caller }: Decision, judged: () => Expected): Expected {
    const place = `${caller.userId} ${key}`;
    const asked = `${rule} ${spelledInOrder(input)}`;
    const first = this.#keys.get(place);
    if (first) {
      return first.asked === asked
        ? { is: 'replay', of: first.requestId }
        : refused('IDEMPOTENCY_KEY_REUSED');
    }
    const expected = judged();
    if (expected.is === 'accepted' || (expected.is === 'refused' && remembered.has(expected.code))) {
      this.#keys.set(place, { asked, requestId: caller.requestId });
    }
    return expected;
  }
}
