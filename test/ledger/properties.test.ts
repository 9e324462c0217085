import { deepStrictEqual, ok } from 'node:assert';
import test from 'ava';
import fc from 'fast-check';
import { rules } from '../../server/compose/rules.js';
import type { TableChanges } from '../../server/ledger/book/table-changes.js';
import type { BatchMoment } from '../../server/ledger/commit/decide-batch.js';
import type { Outcome } from '../../server/ledger/outcome.js';
import type { Decision, Moment } from '../../server/ledger/rule.js';
import { auditBalances, auditBooks } from './support/audit.js';
import { type Answered, assertOutcome, assertPreviewHeld, assertState, learnIds } from './support/compare.js';
import { makeModel } from './support/model/model.js';
import { makePureBooks } from './support/pure-books.js';
import { anyStory, storyCurrencies, type Wave } from './support/story/commands.js';
import { makeTeller, type Planned } from './support/story/story.js';

const start = 1_795_370_400_000_000;

const momentAt = (micros: number): BatchMoment => {
  const moment: Moment = { now: micros, machineNow: micros };
  return { service: moment, machine: moment };
};

/** What may be written by a decision that was not accepted: nothing but its remembered refusal. */
function assertTraceless(
  { expected, decision }: Planned,
  keysBefore: number,
  keys: number,
  changes: readonly TableChanges[],
): void {
  if (expected.is === 'accepted' && !decision.isDryRun) {
    return;
  }
  const written = changes.map(
    ({ table, inserted, updated }) => `${table} ${inserted.length} ${updated.length}`,
  );
  deepStrictEqual(written, keys > keysBefore ? ['idempotency_keys 1 0'] : []);
}

/** How many records of the audit trail a decision leaves that was accepted; payments have a chain of their own. */
const recordsOf: Readonly<Record<string, readonly number[]>> = {
  ...{ 'register-user': [1], 'open-session': [1], 'create-token': [1], 'revoke-token': [1] },
  ...{ 'change-password': [1], 'send-payment': [0] },
  // To end a session twice, or to change an address to what it is, is no act.
  ...{ 'end-session': [0, 1], 'change-profile': [0, 1] },
};

function assertRecorded({ expected, decision }: Planned, changes: readonly TableChanges[]): void {
  const records = changes.find(({ table }) => table === 'audit')?.inserted.length ?? 0;
  const isDone = expected.is === 'accepted' && !decision.isDryRun;
  ok((isDone ? recordsOf[decision.rule] : [0])?.includes(records), `${decision.rule} ${records}`);
}

/** Plays a story to the pure rules, one decision at a time, and judges every step. */
function playOneByOne(story: readonly Wave[], seen: Map<string, number>): void {
  const books = makePureBooks(rules, storyCurrencies);
  const model = makeModel();
  const teller = makeTeller(model);
  const answered: Answered = new Map();
  let micros = start;

  function decide(planned: Planned, keysBefore: number, keys: number): void {
    micros += 1;
    const { decision, expected } = planned;
    const kind = expected.is === 'refused' ? expected.code : `${expected.is} ${decision.rule}`;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    const { outcomes, changes } = books.decideBatch([planned.decision], momentAt(micros));
    deepStrictEqual(outcomes.length, 1);
    assertOutcome(planned, outcomes[0] as Outcome, answered);
    assertTraceless(planned, keysBefore, keys, changes);
    assertRecorded(planned, changes);
    assertPreviewHeld(planned, answered);
  }

  for (const { toggled, commands } of story) {
    const user = toggled === null ? undefined : teller.pickUser(toggled);
    if (user?.id !== undefined) {
      user.isFrozen = !user.isFrozen;
      books.store.setStatus(user.id, user.isFrozen ? 'frozen' : 'active');
    }
    for (const command of commands) {
      const keysBefore = model.keys;
      for (const planned of teller.plan(command)) {
        decide(planned, keysBefore, planned.decision.isDryRun ? keysBefore : model.keys);
      }
      learnIds(model, books.store.tables);
      assertState(model, books.store.tables);
      deepStrictEqual(auditBalances(books.store.tables), []);
    }
  }
  deepStrictEqual(auditBooks(books.store.tables), []);
}

const allKinds = [
  ...[
    'accepted register-user',
    'accepted send-payment',
    'accepted change-profile',
    'accepted change-password',
  ],
  ...['accepted open-session', 'accepted end-session', 'accepted create-token', 'accepted revoke-token'],
  ...['replay send-payment', 'IDEMPOTENCY_KEY_REUSED', 'USERNAME_TAKEN', 'INVALID_AMOUNT'],
  ...['USER_NOT_FOUND', 'SELF_PAYMENT', 'ACCOUNT_FROZEN', 'VALIDATION_FAILED', 'RATE_CHANGED', 'NOT_FOUND'],
  ...['INSUFFICIENT_FUNDS', 'INVALID_CREDENTIALS', 'UNAUTHENTICATED', 'WRONG_PASSWORD'],
];

test('the pure rules do as the model says in more than 12,000 random decisions of every kind', (t) => {
  const seen = new Map<string, number>();
  const holds = fc.property(anyStory(60, 8), (story) => playOneByOne(story, seen));
  t.notThrows(() => fc.assert(holds, { numRuns: 130, includeErrorInReport: true }));
  const decided = [...seen.values()].reduce((sum, count) => sum + count, 0);
  t.true(decided > 12_000, `${decided}`);
  for (const kind of allKinds) {
    t.true((seen.get(kind) ?? 0) >= 3, `${kind}: ${seen.get(kind)}`);
  }
});

/** A story as it was decided, to be decided again: what was asked, and whose row was written in between. */
type Recorded = Decision | { readonly userId: number; readonly status: 'active' | 'frozen' };

interface Told {
  readonly outcomes: readonly Outcome[];
  readonly tables: string;
}

/** A time that stands still. */
const stillMoment: BatchMoment = {
  service: { now: start, machineNow: start },
  machine: { now: start, machineNow: start },
};

/** The decisions of a story, one by one, with what they gave. */
function record(story: readonly Wave[]): { readonly recorded: readonly Recorded[]; readonly told: Told } {
  const books = makePureBooks(rules, storyCurrencies);
  const model = makeModel();
  const teller = makeTeller(model);
  const recorded: Recorded[] = [];
  const outcomes: Outcome[] = [];
  for (const { toggled, commands } of story) {
    const user = toggled === null ? undefined : teller.pickUser(toggled);
    if (user?.id !== undefined) {
      user.isFrozen = !user.isFrozen;
      const written = { userId: user.id, status: user.isFrozen ? 'frozen' : 'active' } as const;
      books.store.setStatus(written.userId, written.status);
      recorded.push(written);
    }
    for (const { decision } of commands.flatMap((command) => teller.plan(command))) {
      recorded.push(decision);
      outcomes.push(...books.decideAll([decision], stillMoment));
      learnIds(model, books.store.tables);
    }
  }
  return { recorded, told: { outcomes, tables: JSON.stringify(books.store.tables) } };
}

/** The same decisions in batches of these sizes, over and over. */
function decideInBatches(recorded: readonly Recorded[], sizes: readonly number[]): Told {
  const books = makePureBooks(rules, storyCurrencies);
  const outcomes: Outcome[] = [];
  let waiting: Decision[] = [];
  let batches = 0;
  const decideWaiting = () => {
    outcomes.push(...books.decideAll(waiting, stillMoment));
    waiting = [];
    batches += 1;
  };
  for (const item of recorded) {
    if ('rule' in item) {
      if (waiting.push(item) === sizes[batches % sizes.length]) {
        decideWaiting();
      }
    } else {
      decideWaiting();
      books.store.setStatus(item.userId, item.status);
    }
  }
  decideWaiting();
  return { outcomes, tables: JSON.stringify(books.store.tables) };
}

test('a batch gives to the byte what the same decisions give one by one', (t) => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  const holds = fc.property(anyStory(40, 8), sizes, (story, batchSizes) => {
    const { recorded, told } = record(story);
    const again = decideInBatches(recorded, batchSizes);
    deepStrictEqual(again.outcomes, told.outcomes);
    deepStrictEqual(again.tables, told.tables);
  });
  t.notThrows(() => fc.assert(holds, { numRuns: 30, includeErrorInReport: true }));
});
