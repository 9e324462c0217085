import { inParallel } from './support/in-parallel.js';
import type { Person } from './support/load/person.js';
import { openSeedLedger, type SeededUser, type SeedLedger } from './support/seed-ledger.js';

const atOnce = 2_048;

/** Registers so many users, named in order, each with the currency whose turn it is. */
export async function registerUsers(
  ledger: SeedLedger,
  howMany: number,
  currencies: readonly string[],
): Promise<readonly SeededUser[]> {
  return inParallel(howMany, atOnce, (number) =>
    ledger.register(`user${number}`, currencies[number % currencies.length] ?? 'GBP'),
  );
}

/** Opens a session for each. */
export async function logInAll(ledger: SeedLedger, users: readonly SeededUser[]): Promise<readonly Person[]> {
  const tokens = await inParallel(users.length, atOnce, (number) =>
    ledger.logIn(users[number] as SeededUser),
  );
  return users.map(({ username, currency }, number) => ({ username, currency, token: tokens[number] ?? '' }));
}

/** Makes a database with so many users, who all have a session and ten million of their currency. */
export async function seedUsers(
  file: string,
  howMany: number,
  currencies: readonly string[],
): Promise<readonly Person[]> {
  const ledger = await openSeedLedger(file);
  const people = await logInAll(ledger, await registerUsers(ledger, howMany, currencies));
  await ledger.close();
  return people;
}
