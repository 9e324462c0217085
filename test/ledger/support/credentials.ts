import type { ExecutionContext } from 'ava';
import type { Outcome } from '../../../server/ledger/outcome.js';
import type { Caller, Decision } from '../../../server/ledger/rule.js';
import { usualLifetimes } from '../../support/usual-lifetimes.js';
import { callerOf, registration } from './callers.js';
import { numberOf } from './outcomes.js';
import { openRealBooks, type RealBooks, steppingTime } from './real-books.js';
import { ruleNamed } from './rule-named.js';

/** Books with alice and bob, each of whom can log in and make tokens. */
export interface Guarded extends RealBooks {
  readonly alice: number;
  readonly bob: number;
  /** The machine's time when it was last asked for. */
  readonly machineNow: () => number;
  /** `credential` is what the caller has shown, where it is to be judged again. */
  decide(userId: number, rule: string, input: object, credential?: Caller['credential']): Promise<Outcome>;
  /** Logs in with the hash of the password that the user registered with, and gives the session's id. */
  openSession(userId: number, passwordHash: string): Promise<number>;
  createToken(userId: number): Promise<number>;
}

export async function openGuarded(t: ExecutionContext): Promise<Guarded> {
  const time = steppingTime();
  let last = 0;
  const books = await openRealBooks(t, {
    machineMicros: () => {
      last = time();
      return last;
    },
  });
  let secrets = 0;
  const secret = () => {
    secrets += 1;
    return `${secrets}`.padStart(64, '0');
  };
  const decide: Guarded['decide'] = (userId, rule, input, credential) => {
    const caller = { ...callerOf(userId), ...(credential && { credential }) };
    const whole = {
      userId,
      ...(rule === 'open-session' && { lifetimes: usualLifetimes, guesses: [] }),
      ...input,
    };
    return books.ledger.decide({ rule: ruleNamed(rule), input: whole, caller } satisfies Decision);
  };
  const register = async (username: string): Promise<number> =>
    numberOf('usr', await books.ledger.decide(registration(username)));
  return {
    ...books,
    alice: await register('alice'),
    bob: await register('bob'),
    machineNow: () => last,
    decide,
    async openSession(userId, passwordHash) {
      const outcome = await decide(userId, 'open-session', { tokenHash: secret(), passwordHash });
      t.is(outcome.status, 201, outcome.json);
      return (await books.rows('sessions')).at(-1)?.id ?? 0;
    },
    async createToken(userId) {
      const token = { tokenHash: secret(), name: 'script', scopes: ['pay', 'read'], expiresInDays: 90 };
      const outcome = await decide(userId, 'create-token', token);
      t.is(outcome.status, 201, outcome.json);
      return numberOf('tok', outcome);
    },
  };
}
