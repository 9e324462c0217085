import { openWriter } from '../../db/connect.js';
import { holdDatabase } from '../../db/open-database.js';
import { machineMicros } from '../../server/clock.js';
import { rowNumber } from '../../server/ids.js';
import { type Ledger, openLedger } from '../../server/ledger/group-commit.js';
import type { Decision } from '../../server/ledger/rule.js';
import { currencies } from '../../server/money/currency.js';
import { rules } from '../../server/rules.js';

const nobody = { userId: null, isPerson: false, address: '127.0.0.1', requestId: 'seed' };
/** Every fourth holds dollars, so that some payments convert. */
const currencyOf = (number: number) => (number % 4 === 0 ? 'USD' : 'GBP');
const nameOf = (number: number) => `user${number}`;
const mostWaiting = 2_048;

async function decideOrThrow(ledger: Ledger, decision: Decision): Promise<string> {
  const { json, status } = await ledger.decide(decision);
  if (status !== 201) {
    throw new Error(json);
  }
  return json;
}

async function register(ledger: Ledger, number: number): Promise<number> {
  const username = nameOf(number);
  const input = {
    username,
    email: `${username}@example.org`,
    displayName: null,
    // No password hashes to this, so nobody can log in.
    passwordHash: 'none',
    currency: currencyOf(number),
    role: 'user',
    openingCredit: 1_000_000_000,
  };
  const json = await decideOrThrow(ledger, { rule: 'register-user', input, caller: nobody });
  return rowNumber('usr', (JSON.parse(json) as { id: string }).id) ?? 0;
}

function payment(ids: readonly number[], number: number): Decision {
  const from = number % ids.length;
  const to = (from + 1 + (Math.floor(number / ids.length) % (ids.length - 1))) % ids.length;
  const senderId = ids[from] ?? 0;
  return {
    rule: 'send-payment',
    input: {
      senderId,
      to: nameOf(to),
      amount: { minor: 100 + (number % 1000), currency: currencyOf(from) },
      memo: number % 3 === 0 ? null : `Lunch № ${number}`,
      maxDebit: null,
    },
    aside: null,
    caller: { ...nobody, userId: senderId },
    key: `seed-${number}`,
  };
}

async function pay(ledger: Ledger, ids: readonly number[], howMany: number): Promise<void> {
  let next = 0;
  async function payNext(): Promise<void> {
    while (next < howMany) {
      const number = next;
      next += 1;
      await decideOrThrow(ledger, payment(ids, number));
    }
  }
  await Promise.all(Array.from({ length: Math.min(mostWaiting, howMany) }, payNext));
}

/**
 * Makes a database with this many payments between `users` people, some of them converted, through the ledger's own
 * rules: with their keys and events, as a server would have made it.
 */
export async function seedPayments(file: string, howMany: number, users = 1_000): Promise<void> {
  const held = await holdDatabase(file);
  const writer = openWriter(file);
  // What a power loss would leave of a bench does not matter; all else is as a server writes it.
  await writer.raw('PRAGMA synchronous = OFF');
  const ledger = await openLedger({
    writer,
    rules,
    askTime: async () => machineMicros(),
    machineMicros,
    currencies: currencies.map(({ code }) => code),
    chain: 1,
    onBroken: (error) => {
      throw error;
    },
  });
  const ids = await Promise.all(Array.from({ length: users }, (_, number) => register(ledger, number)));
  await pay(ledger, ids, howMany);
  await ledger.settled();
  await writer.destroy();
  await held.release();
}
