import { crc32 } from 'node:zlib';
import type { TableName } from '../../../db/rows.js';
import type { PaymentRow } from '../../../db/tables/payments.js';
import { byBothSides, type Lookup } from './lookup.js';
import { joined, RecentNumbers } from './recent-numbers.js';

/** The like of a payment that one user made to another, and when, in microseconds. */
export type RecentAct = Pick<PaymentRow, 'from_user_id' | 'to_user_id' | 'act' | 'created_at'>;

/** The time for which a person is asked whether the same is meant twice. */
export const recentActMicros = 10 * 60 * 1_000_000;

/** The room for acts, one megabyte a half: at 1,500 payments a second, one in a hundred that is new is looked up all the same. */
const actBits = 23;
/** The room for keys, half a megabyte a half. */
const keyBits = 22;
const keysInHalf = 500_000;

/** The most users whose keys are looked up, since they have repeated one that was not remembered here. */
const mostRepeaters = 10_000;

type Sides = 'from_user_id' | 'to_user_id' | 'act';

const numberOfAct = ({
  from_user_id,
  to_user_id,
  act,
}: Readonly<Partial<Record<Sides, string | number | null>>>): number =>
  joined(joined(Number(from_user_id), Number(to_user_id)), Number(act));

const numberOfKey = (userId: number, key: string): number => joined(userId, crc32(key));

/**
 * The writes of lately that the ledger recalls, so that it need not look into the database for what is not there: nearly
 * every payment has a new key and has not been made just before.
 *
 * Acts are recalled for sure since a time, and what is not recalled since then is not there. Keys are only taken for new:
 * where that is wrong their unique key in the database refuses the batch, which is then decided again with all keys looked
 * up. A user can bring that about once: from then on the keys of that user are looked up.
 */
export class RecentWrites {
  readonly #acts = new RecentNumbers(actBits);
  readonly #keys = new RecentNumbers(keyBits);
  readonly #repeaters = new Set<number>();
  #actsSinceMicros: number;
  #turnedAtMicros: number;

  /** The acts that are given are all since that time. */
  constructor(sinceMicros: number, acts: readonly RecentAct[]) {
    this.#actsSinceMicros = sinceMicros;
    this.#turnedAtMicros = sinceMicros;
    for (const act of acts) {
      this.#noteAct(act);
    }
  }

  /** Whether the database may have rows of this lookup. */
  mayFind({ table, where, newest }: Lookup): boolean {
    if (table === 'idempotency_keys') {
      const userId = Number(where.user_id);
      return this.#repeaters.has(userId) || this.#keys.mayHold(numberOfKey(userId, String(where.key)));
    }
    if (table === 'payments' && newest?.by === byBothSides && newest.sinceMicros >= this.#actsSinceMicros) {
      return this.#acts.mayHold(numberOfAct(where));
    }
    return true;
  }

  /** Takes in a row that is about to be written. */
  note(table: TableName, row: object): void {
    if (table === 'payments') {
      this.#noteAct(row as PaymentRow);
    } else if (table === 'idempotency_keys') {
      const { user_id, key } = row as { readonly user_id: number; readonly key: string };
      if (this.#keys.noted >= keysInHalf) {
        this.#keys.turn();
      }
      this.#keys.note(numberOfKey(user_id, key));
    }
  }

  /** Takes in that a user has repeated a key, or used one for something else. */
  noteRepeater(userId: number): void {
    this.#repeaters.delete(userId);
    this.#repeaters.add(userId);
    if (this.#repeaters.size > mostRepeaters) {
      const [oldest] = this.#repeaters;
      this.#repeaters.delete(oldest as number);
    }
  }

  #noteAct(row: RecentAct): void {
    if (row.act === null || row.from_user_id === null || row.to_user_id === null) {
      return;
    }
    if (row.created_at - this.#turnedAtMicros > recentActMicros) {
      this.#acts.turn();
      this.#actsSinceMicros = this.#turnedAtMicros;
      this.#turnedAtMicros = row.created_at;
    }
    this.#acts.note(numberOfAct(row));
  }
}
