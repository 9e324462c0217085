import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, User } from '../../faults/support/client.js';
import { inTime, until } from '../../support/until.js';

/** A payment and the answer that its payer got at last. */
export interface Answered {
  readonly key: string;
  readonly from: User;
  readonly to: User;
  readonly amount: string;
  readonly status: number;
  readonly text: string;
}

export interface SteadyPayers {
  readonly answers: readonly Answered[];
  /** How often a payment had to be tried again. */
  readonly retries: () => number;
  /** Resolves when so many more have been answered. */
  more(count: number): Promise<void>;
  /** Lets nothing new begin and waits for what is under way. */
  finish(): Promise<readonly Answered[]>;
}

/** What says that nothing was decided: the server is not there, ends, or is not ready. */
const isUndecided = (status: number) => status === 429 || status >= 500;

/** Payers who repeat a payment under its key until it is answered, however often the server goes away. */
export function startPayers(client: Client, users: readonly User[], payers: number): SteadyPayers {
  const answers: Answered[] = [];
  let isFinishing = false;
  let retries = 0;
  let begun = 0;

  async function payUntilAnswered(from: User, to: User): Promise<void> {
    const key = randomUUID();
    // Now and then more than anybody has: a refusal is an answer, too.
    begun += 1;
    const amount = begun % 20 === 0 ? '9000000.00' : '1.25';
    for (;;) {
      const reply = await client.pay(from, to, amount, key).catch(() => undefined);
      if (reply !== undefined && !isUndecided(reply.status)) {
        answers.push({ key, from, to, amount, status: reply.status, text: reply.text });
        return;
      }
      retries += 1;
      await pause(100);
    }
  }

  async function keepPaying(number: number): Promise<void> {
    for (let turn = number; !isFinishing; turn += 1) {
      const [from, to] = [users[turn % users.length], users[(turn + 1) % users.length]] as [User, User];
      await payUntilAnswered(from, to);
      // Hundreds of answers say no more than dozens.
      await pause(25);
    }
  }

  const running = Promise.all(Array.from({ length: payers }, (_, number) => keepPaying(number)));
  return {
    answers,
    retries: () => retries,
    async more(count) {
      const wanted = answers.length + count;
      await until(`${count} more answers`, () => answers.length >= wanted);
    },
    async finish() {
      isFinishing = true;
      await inTime('the answers that are on their way', running);
      return answers;
    },
  };
}
