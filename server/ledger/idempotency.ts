import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import stringify from 'safe-stable-stringify';
import type { IdempotencyKeyRow } from '../../db/tables/acts.js';
import { Refusal } from '../errors.js';
import type { Book, KnownBook } from './book/book.js';
import type { LedgerBook } from './book/ledger-book.js';
import { type Lookup, lookup } from './book/lookup.js';
import { packText, unpackText } from './packed-text.js';
import type { Decision, RememberedPayments } from './rule.js';

/** The decision's key, as the row that remembers it is found; none where a key plays no part. */
function keyOf({
  key,
  caller,
  isDryRun,
}: Decision): { readonly user_id: number; readonly key: string } | undefined {
  return key === undefined || isDryRun || caller.userId === null
    ? undefined
    : { user_id: caller.userId, key };
}

/** SHA-256, in hexadecimal, of the input with its members in order: how the JSON was spelled does not matter. */
function inputHash(decision: Decision): string {
  return hash('sha256', stringify(decision.input) ?? '', 'hex');
}

/** The row of the decision's key, where it is known to be there. */
export function peekRemembered(book: KnownBook, decision: Decision): IdempotencyKeyRow | undefined {
  const where = keyOf(decision);
  return where && book.peek('idempotency_keys', where);
}

export function keyReads(decision: Decision): readonly Lookup[] {
  const where = keyOf(decision);
  return where ? [lookup('idempotency_keys', where)] : [];
}

/**
 * Has the key looked up where it was taken for new and nothing is going to be written under it, which would show that it is
 * not: what was answered before counts, whatever is the case now. Throws NotLoaded where it was not looked up.
 */
export function insistOnKey(book: Book, decision: Decision): void {
  for (const read of keyReads(decision)) {
    book.insistOn(read);
  }
}

/**
 * Has the keys of these looked up, those that would be taken for new as well, where one was insisted on lately: they may be refused
 * without a trace as it was, and then each would be read apart.
 */
export function doubtKeys(book: LedgerBook, decisions: readonly Decision[]): void {
  for (const read of book.hasInsisted ? decisions.flatMap(keyReads) : []) {
    book.doubt(read);
  }
}

/** The answer that was given under this key before. Throws IDEMPOTENCY_KEY_REUSED when it stands for something else. */
export function rememberedAnswer(book: Book, decision: Decision): IdempotencyKeyRow | undefined {
  const where = keyOf(decision);
  const row = where && book.find('idempotency_keys', where);
  if (row && (row.rule !== decision.rule || row.input_hash !== inputHash(decision))) {
    throw new Refusal(
      'IDEMPOTENCY_KEY_REUSED',
      'This Idempotency-Key already stands for another request of yours. Use a new key for a new act.',
    );
  }
  return row;
}

export interface KeyedAnswer {
  readonly status: number;
  readonly json: string;
  readonly location: string | null;
  /** The payment, or the first of those, that the answer can be made from again. */
  readonly paymentId?: number | undefined;
  /** The data beside the payment that it takes to make the answer again. */
  readonly replayData?: string | undefined;
}

/** The payments that a key remembers its answer by; undefined where it remembers the answer itself. */
export function rememberedPayments({
  user_id,
  payment_id,
  answer,
}: IdempotencyKeyRow): RememberedPayments | undefined {
  return payment_id === null
    ? undefined
    : { userId: user_id, paymentId: payment_id, replayData: answer === null ? null : unpackText(answer) };
}

/** The answer itself, byte for byte, of a key that remembers it. */
export function rememberedText({ answer }: IdempotencyKeyRow): string {
  assert(answer !== null, 'What is not made of payments is kept as it was answered.');
  return unpackText(answer);
}

/** Keeps the answer under the decision's key, in the same transaction as its effect. */
export function remember(book: Book, decision: Decision, answer: KeyedAnswer, now: number): void {
  const where = keyOf(decision);
  if (where) {
    const { paymentId, status, location } = answer;
    // An answer that is made of payments is made of them again.
    const text = paymentId === undefined ? answer.json : answer.replayData;
    book.insert('idempotency_keys', {
      user_id: where.user_id,
      key: where.key,
      rule: decision.rule,
      input_hash: inputHash(decision),
      status,
      answer: text === undefined ? null : packText(text),
      location: paymentId === undefined ? location : null,
      payment_id: paymentId ?? null,
      created_at: now,
    });
  }
}
