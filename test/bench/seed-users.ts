import { openWriter } from '../../db/connect.js';
import { holdDatabase } from '../../db/open-database.js';
import { machineMicros } from '../../server/clock.js';
import { makeToken } from '../../server/credentials/secret-token.js';
import { openLedger } from '../../server/ledger/group-commit.js';
import { rules } from '../../server/rules.js';

export interface SeededUser {
  readonly username: string;
  readonly token: string;
}

const caller = { userId: null, isPerson: true, address: '127.0.0.1', requestId: 'seed' };

/**
 * Registers users, each with a million of `currency` and a personal token, through the ledger's own rules. A token, since
 * a person's session is asked whether a payment is meant twice.
 */
export async function seedUsers(
  file: string,
  howMany: number,
  currency: string,
): Promise<readonly SeededUser[]> {
  const held = await holdDatabase(file);
  const writer = openWriter(file);
  const ledger = await openLedger({
    writer,
    rules,
    askTime: async () => machineMicros(),
    machineMicros,
    currencies: [currency],
    chain: 1,
    onBroken: (error) => {
      throw error;
    },
  });

  async function seedUser(number: number): Promise<SeededUser> {
    const username = `user${number}`;
    // No password hashes to this, so nobody can log in; the session is all that is needed.
    const passwordHash = 'none';
    const registration = {
      username,
      email: `${username}@example.org`,
      displayName: null,
      passwordHash,
      currency,
      role: 'user',
      openingCredit: 100_000_000,
    };
    const registered = await ledger.decide({ rule: 'register-user', input: registration, caller });
    const { id } = JSON.parse(registered.json) as { id: string };
    const session = { userId: id, tokenHash: makeToken('pay_ses_').hash, passwordHash };
    const opened = await ledger.decide({ rule: 'open-session', input: session, caller });
    if (opened.status !== 201) {
      throw new Error(opened.json);
    }
    const sessionId = await writer('sessions')
      .where({ user_id: id })
      .first()
      .then((row) => row.id as string);
    const { token, hash } = makeToken('pay_pat_');
    const scopes = { name: 'bench', scopes: ['pay'], expiresInDays: 1 };
    const made = await ledger.decide({
      rule: 'create-token',
      input: { userId: id, sessionId, tokenHash: hash, ...scopes },
      caller,
    });
    if (made.status !== 201) {
      throw new Error(made.json);
    }
    return { username, token };
  }

  const users = await Promise.all(Array.from({ length: howMany }, (_, number) => seedUser(number)));
  await ledger.settled();
  await writer.destroy();
  await held.release();
  return users;
}
