import type { TableForm } from './table-form.js';

export interface IdempotencyKeyRow {
  readonly user_id: number;
  readonly key: string;
  readonly rule: string;
  readonly input_hash: string;
  readonly status: number;
  /**
   * The JSON body that was answered, byte for byte. With a payment it is made anew from that, which never changes, and
   * this is what else it takes; null where it takes nothing else. Long texts are packed.
   */
  readonly answer: string | null;
  readonly location: string | null;
  /** The payment that the answer is, or the first of those that it tells of, which have the numbers after it. */
  readonly payment_id: number | null;
  readonly created_at: number;
}

export const idempotencyKeys: TableForm<IdempotencyKeyRow> = {
  columns: [
    'user_id',
    'key',
    'rule',
    'input_hash',
    'status',
    'answer',
    'location',
    'payment_id',
    'created_at',
  ],
  primaryKey: ['user_id', 'key'],
  changeable: [],
  bytes: ['input_hash'],
  isNumbered: false,
};

/** A record of who did what; append-only. */
export interface AuditRow {
  readonly id: number;
  /** Which writer's chain of hashes the record stands in, and where. */
  readonly chain: number;
  readonly position: number;
  readonly at: number;
  /** Null for nobody who is known: a failed login, the operator. */
  readonly actor_id: number | null;
  readonly action: string;
  /** The subject of the act, a username or an id. */
  readonly subject: string | null;
  readonly address: string;
  readonly request_id: string;
  readonly reason: string | null;
  /** JSON of what the act changed: `before` it, and `after` it. */
  readonly before: string | null;
  readonly after: string | null;
  /** JSON: what credentials are since the act, by their names; null where it makes, changes and ends none. */
  readonly credentials: string | null;
  /** SHA-256 over all of this and the hash of the record before it in the chain. */
  readonly hash: string;
}

export const audit: TableForm<AuditRow> = {
  columns: [
    'id',
    'chain',
    'position',
    'at',
    'actor_id',
    'action',
    'subject',
    'address',
    'request_id',
    'reason',
    'before',
    'after',
    'credentials',
    'hash',
  ],
  primaryKey: ['id'],
  changeable: [],
  bytes: ['hash'],
  isNumbered: true,
};

/**
 * The end of a writer's chain of hashes, which its next payment or record continues. Two more, of chain 0 and without
 * hashes: `commits` counts the batches of all writers, by which a writer sees that the books have moved since it decided;
 * `events` is the number of the newest event that has a row.
 */
export interface ChainHeadRow {
  readonly name: 'payments' | 'audit' | 'commits' | 'events';
  readonly chain: number;
  /** Zero before the first link. */
  readonly position: number;
  readonly hash: string;
  /** The time of the newest link; zero before the first. */
  readonly at: number;
}

export const chainHeads: TableForm<ChainHeadRow> = {
  columns: ['name', 'chain', 'position', 'hash', 'at'],
  primaryKey: ['name', 'chain'],
  changeable: ['position', 'hash', 'at'],
  bytes: ['hash'],
  isNumbered: false,
};
