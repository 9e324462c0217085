import { randomInt } from 'node:crypto';
import { logInAll, registerUsers } from './seed-users.js';
import { inParallel } from './support/in-parallel.js';
import type { Person } from './support/load/person.js';
import { pick } from './support/load/pick.js';
import { openSeedLedger, type SeededUser, type SeedItem, type SeedLedger } from './support/seed-ledger.js';

const itemsPerPayout = 1_000;
const payoutsAtOnce = 4;
/** Every fourth user holds dollars, so that some payments convert. */
const currencies = ['GBP', 'GBP', 'GBP', 'USD'];

export interface PaymentShares {
  /** How many of the payments the first users receive, one each, spread over all of the time. */
  readonly received: readonly number[];
  /** How many the first user without a share pays to each of them before all others, to pay nobody afterwards: the far end of their histories. */
  readonly firstFromOne: number;
}

const noShares: PaymentShares = { received: [], firstFromOne: 0 };

function itemTo({ username }: SeededUser, number: number): SeedItem {
  return { to: username, minor: 100 + (number % 1000), memo: number % 3 === 0 ? null : `Lunch № ${number}` };
}

/** Gives whom the next payment goes to: one with a share as often as it says, else any of the others but the payer. */
function makeChooser(
  favoured: readonly SeededUser[],
  others: readonly SeededUser[],
  shares: PaymentShares,
  payments: number,
): (payer: SeededUser) => SeededUser {
  return (payer) => {
    let at = randomInt(payments);
    for (const [index, share] of shares.received.entries()) {
      if (at < share) {
        return favoured[index] ?? pick(others);
      }
      at -= share;
    }
    let receiver = pick(others);
    while (receiver === payer) {
      receiver = pick(others);
    }
    return receiver;
  };
}

async function payAll(
  ledger: SeedLedger,
  users: readonly SeededUser[],
  payments: number,
  shares: PaymentShares,
): Promise<void> {
  const favoured = users.slice(0, shares.received.length);
  const others = users.slice(shares.received.length);
  const choose = makeChooser(favoured, others, shares, payments);
  const first = favoured.flatMap((user) =>
    Array.from({ length: shares.firstFromOne }, (_, number) => itemTo(user, number)),
  );
  const [one] = others;
  if (first.length > 0 && one) {
    await ledger.payOut(one, first, 'seed-first');
  }
  const payers = first.length > 0 ? others.slice(1) : others;
  const rest = payments - first.length;
  await inParallel(Math.ceil(rest / itemsPerPayout), payoutsAtOnce, async (payout) => {
    const from = payout * itemsPerPayout;
    const length = Math.min(itemsPerPayout, rest - from);
    const payer = pick(payers);
    const items = Array.from({ length }, (_, index) => itemTo(choose(payer), from + index));
    await ledger.payOut(payer, items, `seed-${payout}`);
  });
}

/**
 * Makes a database with this many payments between `users` people, some of them converted, by payouts through the ledger's
 * own rules: with their keys and events, as a server would have made it. Gives the people, each with a session.
 */
export async function seedPayments(
  file: string,
  payments: number,
  users = 1_000,
  shares = noShares,
): Promise<readonly Person[]> {
  const ledger = await openSeedLedger(file);
  const registered = await registerUsers(ledger, users, currencies);
  await payAll(ledger, registered, payments, shares);
  const people = await logInAll(ledger, registered);
  await ledger.close();
  return people;
}
