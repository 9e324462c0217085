import { randomUUID } from 'node:crypto';
import { inTime } from '../../support/until.js';
import type { Client, Reply, User } from './client.js';

/** A payment that somebody tried to make, and what they heard of it; undefined where the connection broke. */
export interface Attempt {
  readonly from: User;
  readonly to: User;
  readonly amount: string;
  readonly key: string;
  reply: Reply | undefined;
}

export interface Load {
  readonly attempts: readonly Attempt[];
  /** Resolves when so many attempts have been answered. */
  answered(count: number): Promise<void>;
  /** Lets nothing new begin and waits for what is under way. */
  finish(): Promise<readonly Attempt[]>;
}

const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item;

/** Whole units, enough of them to be worth something in any currency; now and then more than anybody has. */
const randomAmount = () => String(Math.random() < 0.05 ? 10_000_000 : 10 + Math.floor(Math.random() * 9));

/** So many payers at once, each with one payment after the other among the users, until told to finish. */
export function startLoad(client: Client, users: readonly User[], payers: number): Load {
  const attempts: Attempt[] = [];
  const awaited: { count: number; resolve: () => void }[] = [];
  let answers = 0;
  let isFinishing = false;

  async function payOnce(): Promise<void> {
    const from = pick(users);
    const to = pick(users.filter((user) => user !== from));
    const attempt: Attempt = { from, to, amount: randomAmount(), key: randomUUID(), reply: undefined };
    attempts.push(attempt);
    try {
      attempt.reply = await repeat(client, attempt);
    } catch {
      // The server is gone, or going: it takes no more.
      isFinishing = true;
      return;
    }
    answers += 1;
    for (const { count, resolve } of awaited) {
      if (answers >= count) {
        resolve();
      }
    }
  }

  async function keepPaying(): Promise<void> {
    while (!isFinishing) {
      await payOnce();
    }
  }

  const running = Promise.all(Array.from({ length: payers }, keepPaying));
  return {
    attempts,
    answered: (count) =>
      inTime(`${count} answers`, new Promise((resolve) => void awaited.push({ count, resolve }))),
    async finish() {
      isFinishing = true;
      await inTime('the answers that are on their way', running);
      return attempts;
    },
  };
}

/** Tries the payment, or tries it again with the same key. */
export const repeat = (client: Client, { from, to, amount, key }: Attempt): Promise<Reply> =>
  client.pay(from, to, amount, key);
