import assert from 'node:assert/strict';
import { openWriter } from '../../../db/connect.js';
import { holdDatabase } from '../../../db/open/open-database.js';
import { machineMicros } from '../../../server/clock.js';
import { rules } from '../../../server/compose/rules.js';
import { makePasswordHasher } from '../../../server/features/credentials/password-hash.js';
import { makeToken } from '../../../server/features/credentials/secret-token.js';
import { rowNumber } from '../../../server/ids.js';
import { openLedger } from '../../../server/ledger/commit/group-commit.js';
import type { Decision } from '../../../server/ledger/rule.js';
import { builtInRates } from '../../../server/money/rate-table.js';
import { ruleNamed } from '../../ledger/support/rule-named.js';
import { usualLifetimes } from '../../support/usual-lifetimes.js';
import type { Person } from './load/person.js';

/** Ten million of a currency with two decimals: nobody runs out of it. */
const openingCredit = 1_000_000_000;

/**
 * An hour before now: a server recalls, when it starts, what was paid within the last ten minutes, which is never all that there is.
 */
const seededMicros = () => machineMicros() - 3_600_000_000;

const nobody = { userId: null, isPerson: true, address: '127.0.0.1', requestId: 'seed' };

/** Everybody's, hashed once. */
export const seededPassword = 'correct horse battery staple';

/** A user as the ledger knows them. */
export interface SeededUser extends Omit<Person, 'token'> {
  readonly id: number;
}

export interface SeedItem {
  readonly to: string;
  readonly minor: number;
  readonly memo: string | null;
}

export interface SeedLedger {
  register(username: string, currency: string): Promise<SeededUser>;
  /** Logs the user in, and gives the token of the session. */
  logIn(user: SeededUser): Promise<string>;
  /** Pays all of it, at most 1,000 items, in the payer's currency. Throws where one is refused. */
  payOut(payer: SeededUser, items: readonly SeedItem[], key: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * The ledger over a database file without a server around it: what is seeded is decided by the rules and written by the
 * ledger, as if a server had done it, and takes no way over HTTP. All that seeds goes through here.
 */
export async function openSeedLedger(file: string): Promise<SeedLedger> {
  const held = await holdDatabase(file);
  const writer = openWriter(file);
  // What a power loss would leave of a bench does not matter; all else is as a server writes it.
  await writer.raw('PRAGMA synchronous = OFF');
  const ledger = await openLedger({
    writer,
    rules,
    askTime: async () => seededMicros(),
    machineMicros: seededMicros,
    rates: builtInRates,
    chain: 1,
    onBroken: (error) => {
      throw error;
    },
  });
  const passwordHash = await makePasswordHasher().hash(seededPassword, 'local');

  async function decide(decision: Decision): Promise<string> {
    const { json, status } = await ledger.decide(decision);
    if (status !== 201) {
      throw new Error(json);
    }
    return json;
  }

  return {
    async register(username, currency) {
      const email = `${username}@example.org`;
      const input = {
        username,
        email,
        displayName: null,
        passwordHash,
        currency,
        role: 'user',
        openingCredit,
      };
      const json = await decide({ rule: ruleNamed('register-user'), input, caller: nobody });
      const id = rowNumber('usr', (JSON.parse(json) as { id: string }).id);
      assert(id !== undefined);
      return { id, username, currency };
    },

    async logIn({ id }) {
      const { token, hash } = makeToken('pay_ses_');
      const input = { userId: id, tokenHash: hash, passwordHash, lifetimes: usualLifetimes, guesses: [] };
      await decide({ rule: ruleNamed('open-session'), input, caller: { ...nobody, userId: id } });
      return token;
    },

    async payOut({ id, currency }, items, key) {
      const paid = items.map(({ to, minor, memo }) => ({ to, amount: { minor, currency }, memo }));
      await decide({
        rule: ruleNamed('send-payout'),
        // All or nothing, so that a refusal shows.
        input: { senderId: id, mode: 'all', items: paid },
        facts: null,
        caller: { ...nobody, userId: id },
        key,
      });
    },

    async close() {
      await ledger.settled();
      await writer.destroy();
      await held.release();
    },
  };
}
