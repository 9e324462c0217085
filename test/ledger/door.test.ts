import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openReaders } from '../../db/connect.js';
import type { PaymentRow } from '../../db/tables/payments.js';
import type { LedgerThreadData } from '../../server/compose/ledger-thread.js';
import { Refusal } from '../../server/errors.js';
import { type DoorOptions, type LedgerDoor, openDoor } from '../../server/ledger/door.js';
import { builtInRates } from '../../server/money/rate-table.js';
import { startTimeThread } from '../../thrift/thread.js';
import { callerOf, payment, registration } from './support/callers.js';
import type { DoomedThreadData } from './support/doomed-thread.js';
import { codeOf, numberOf } from './support/outcomes.js';
import { makeDatabaseFile } from './support/real-books.js';
import { ruleNamed } from './support/rule-named.js';

const realEntry = new URL('../../server/compose/ledger-thread.js', import.meta.url);
const doomedEntry = new URL('./support/doomed-thread.js', import.meta.url);

const sharesOf = (
  inAll: number,
  { decisions = inAll, decisionsWaiting = inAll }: Partial<Record<keyof DoorOptions['shares'], number>> = {},
): DoorOptions['shares'] => ({
  decisions: { ofOne: decisions, inAll },
  decisionsWaiting: { ofOne: decisionsWaiting, inAll },
});

interface OpenedDoor {
  readonly door: LedgerDoor;
  readonly databasePath: string;
}

/** The ledger's own thread over a database of its own, with a timestamp service of its own. */
async function openRealDoor(
  t: ExecutionContext,
  mostWaiting: number,
  ofOne: Partial<Record<keyof DoorOptions['shares'], number>> = {},
): Promise<OpenedDoor> {
  const databasePath = await makeDatabaseFile(t);
  const time = await startTimeThread({ host: '127.0.0.1', port: 0 });
  t.teardown(() => time.close());
  const workerData: LedgerThreadData = {
    databasePath,
    rates: builtInRates,
    time: { host: time.host, port: time.port },
    chain: 1,
  };
  const door = await openDoor({ entry: realEntry, workerData, shares: sharesOf(mostWaiting, ofOne) });
  t.teardown(() => door.close());
  return { door, databasePath };
}

async function openDoomedDoor(
  t: ExecutionContext,
  ears: Pick<DoorOptions, 'onMistake' | 'onFault'> = {},
): Promise<LedgerDoor> {
  const workerData: DoomedThreadData = { databasePath: await makeDatabaseFile(t), doom: 'by a rule' };
  const door = await openDoor({ entry: doomedEntry, workerData, shares: sharesOf(100), ...ears });
  t.teardown(() => door.close());
  return door;
}

/** The code of a decision: that of the refusal that was thrown or answered, undefined where it was accepted. */
async function codeFrom(decided: ReturnType<LedgerDoor['decide']>): Promise<string | undefined> {
  try {
    return codeOf(await decided);
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
}

async function readPayments(databasePath: string): Promise<readonly PaymentRow[]> {
  const readers = openReaders(databasePath, 1);
  try {
    return await readers<PaymentRow>('payments').orderBy('position');
  } finally {
    await readers.destroy();
  }
}

async function registerTwo(door: LedgerDoor): Promise<number> {
  const [alice] = await Promise.all(['alice', 'bob'].map((username) => door.decide(registration(username))));
  return alice ? numberOf('usr', alice) : 0;
}

test('decisions are decided in the thread, durably and at the time of the timestamp service', async (t) => {
  const { door, databasePath } = await openRealDoor(t, 100);
  const beforeMicros = Date.now() * 1000;
  const alice = await registerTwo(door);
  const outcome = await door.decide(payment(alice, 'bob', {}, { key: 'k' }));
  const payments = await readPayments(databasePath);
  t.is(outcome.status, 201);
  t.is(payments.at(-1)?.id, numberOf('pay', outcome));
  t.true((payments.at(-1)?.created_at ?? 0) >= beforeMicros);
  t.true((payments.at(-1)?.created_at ?? 0) < (Date.now() + 1_000) * 1000);
  t.is(door.waiting, 0);
});

test('beyond the bound a decision is OVERLOADED at once, and those before it are decided', async (t) => {
  const { door, databasePath } = await openRealDoor(t, 5);
  const alice = await registerTwo(door);
  const order: string[] = [];
  const decide = async (key: string) => {
    const code = await codeFrom(door.decide(payment(alice, 'bob', {}, { key })));
    order.push(code ?? 'accepted');
    return code;
  };
  const all = Promise.all(Array.from({ length: 12 }, (_, place) => decide(`${place}`)));
  t.is(door.waiting, 5);
  t.deepEqual(await all, [
    ...Array.from({ length: 5 }, () => undefined),
    ...Array.from({ length: 7 }, () => 'OVERLOADED'),
  ]);
  t.deepEqual(
    order.slice(0, 7),
    Array.from({ length: 7 }, () => 'OVERLOADED'),
  );
  t.is((await readPayments(databasePath)).length, 2 + 5);
  t.is(await decide('0'), undefined);
  t.is(await decide('11'), undefined);
  t.is((await readPayments(databasePath)).length, 2 + 6);
});

test('one network has half of what may wait, whoever its users are, and others have the rest', async (t) => {
  const { door } = await openRealDoor(t, 8, { decisionsWaiting: 1 });
  const from = (address: string) => (_: unknown, place: number) => {
    const { caller, ...rest } = registration(`user${place}at${address.replaceAll(/\W/g, '')}`);
    return codeFrom(door.decide({ ...rest, caller: { ...caller, address } }));
  };
  const ofOne = Array.from({ length: 6 }, from('2001:db8::1'));
  const ofNeighbour = [0].map(from('2001:db8::2'));
  const ofOther = [0].map(from('192.0.2.1'));
  const limited = 'RATE_LIMITED';
  t.deepEqual(await Promise.all(ofOne), [undefined, undefined, undefined, undefined, limited, limited]);
  t.deepEqual(await Promise.all(ofNeighbour), [limited]);
  t.deepEqual(await Promise.all(ofOther), [undefined]);
  // What was decided makes room.
  t.deepEqual(await Promise.all([9].map(from('2001:db8::3'))), [undefined]);
});

test('OVERLOADED says that nothing was done and when to come back', async (t) => {
  const { door } = await openRealDoor(t, 0);
  const refusal = await t.throwsAsync(door.decide(registration('alice')), { instanceOf: Refusal });
  t.is(refusal?.code, 'OVERLOADED');
  t.is(refusal?.status, 503);
  t.is(refusal?.details.retryAfterSeconds, 1);
});

test('a decision that cannot travel to the thread is rejected alone; its neighbours are decided', async (t) => {
  const { door } = await openRealDoor(t, 100);
  const alice = await registerTwo(door);
  const bad = { ...payment(alice, 'bob', {}, { key: 'bad' }), facts: () => 'not to be cloned' };
  const [first, refused, last] = await Promise.allSettled([
    door.decide(payment(alice, 'bob', {}, { key: '1' })),
    door.decide(bad),
    door.decide(payment(alice, 'bob', {}, { key: '2' })),
  ]);
  t.is(refused?.status, 'rejected');
  t.is(refused?.status === 'rejected' && refused.reason.name, 'DataCloneError');
  for (const one of [first, last]) {
    t.is(one?.status === 'fulfilled' && one.value.status, 201);
  }
  t.is(door.waiting, 0);
});

test('whoever asks for much at once waits for themselves: the payment of another is decided before most of it', async (t) => {
  const { door, databasePath } = await openRealDoor(t, 2_000, { decisions: 4, decisionsWaiting: 300 });
  const alice = await registerTwo(door);
  const carol = numberOf('usr', await door.decide(registration('carol')));
  const small = { amount: { minor: 1, currency: 'GBP' } };
  const flood = Array.from({ length: 304 }, (_, place) =>
    door.decide(payment(alice, 'bob', { ...small, memo: `${place}` }, { key: `${place}` })),
  );
  t.is(await codeFrom(door.decide(payment(alice, 'bob', small, { key: 'too much' }))), 'RATE_LIMITED');
  const other = await door.decide(payment(carol, 'bob', small, { key: 'carol' }));
  t.is(other.status, 201);
  t.true((await Promise.all(flood)).every(({ status }) => status === 201));
  t.is(door.waiting, 0);
  const payments = await readPayments(databasePath);
  const place = payments.findIndex(({ from_user_id }) => from_user_id === carol);
  t.true(place < 3 + 2 * 4 + 8, `${place} payments were before it`);
  const own = payments.filter(({ from_user_id }) => from_user_id === alice).map(({ memo }) => Number(memo));
  t.deepEqual(
    own,
    own.toSorted((one, next) => one - next),
    'those of one user are decided in their order',
  );
});

test('closing lets finish what still stands in line', async (t) => {
  const { door } = await openRealDoor(t, 2_000, { decisions: 2 });
  const alice = await registerTwo(door);
  const small = { amount: { minor: 1, currency: 'GBP' } };
  const underWay = Array.from({ length: 50 }, (_, place) =>
    door.decide(payment(alice, 'bob', small, { key: `${place}` })),
  );
  await door.close();
  t.true((await Promise.all(underWay)).every(({ status }) => status === 201));
});

test('closing lets what is under way finish, refuses what comes later, and says nothing is broken', async (t) => {
  const { door, databasePath } = await openRealDoor(t, 2_000);
  const alice = await registerTwo(door);
  let isBroken = false;
  door.broken.then(
    () => {
      isBroken = true;
    },
    () => {},
  );
  const small = { amount: { minor: 1, currency: 'GBP' } };
  const underWay = Array.from({ length: 700 }, (_, place) =>
    door.decide(payment(alice, 'bob', small, { key: `${place}` })),
  );
  const closed = door.close();
  t.is(await codeFrom(door.decide(payment(alice, 'bob', small, { key: 'late' }))), 'STORAGE_UNAVAILABLE');
  const outcomes = await Promise.all(underWay);
  await closed;
  await door.close();
  t.true(outcomes.every(({ status }) => status === 201));
  t.is((await readPayments(databasePath)).length, 2 + 700);
  t.false(isBroken);
});

test('a thread that cannot open the books is an error of the start', async (t) => {
  const databasePath = join(await makeDatabaseFile(t), 'not-there.db');
  const workerData: LedgerThreadData = {
    databasePath,
    rates: builtInRates,
    time: { host: '127.0.0.1', port: 1 },
    chain: 1,
  };
  await t.throwsAsync(openDoor({ entry: realEntry, workerData, shares: sharesOf(1) }), {
    message: /CANTOPEN/,
  });
});

for (const [doom, message] of [
  ['exit', /ended before it was ready/],
  ['throw', /doomed from the start/],
] as const) {
  test(`a thread that ends before it is ready (${doom}) is an error of the start`, async (t) => {
    const workerData: DoomedThreadData = { databasePath: '', doom };
    await t.throwsAsync(openDoor({ entry: doomedEntry, workerData, shares: sharesOf(1) }), {
      any: true,
      message,
    });
  });
}

test('when the thread fails whatever waits is STORAGE_UNAVAILABLE and the reason is told', async (t) => {
  const door = await openDoomedDoor(t);
  const alice = await registerTwo(door);
  const decisions = [
    { rule: ruleNamed('end the thread'), input: {}, caller: callerOf(alice) },
    payment(alice, 'bob', {}, { key: '1' }),
    payment(alice, 'bob', {}, { key: '2' }),
  ];
  const codes = await Promise.all(decisions.map((decision) => codeFrom(door.decide(decision))));
  t.deepEqual(codes, ['STORAGE_UNAVAILABLE', 'STORAGE_UNAVAILABLE', 'STORAGE_UNAVAILABLE']);
  t.regex(await door.broken, /status 3/);
  t.is(door.waiting, 0);
  t.is(await codeFrom(door.decide(payment(alice, 'bob', {}, { key: '3' }))), 'STORAGE_UNAVAILABLE');
  await door.close();
});

test('a mistake that spoils a batch is told, and its decisions are made again', async (t) => {
  const mistakes: string[] = [];
  const faults: string[] = [];
  const door = await openDoomedDoor(t, {
    onMistake: (fault) => mistakes.push(fault),
    onFault: (fault) => faults.push(fault),
  });
  const alice = await registerTwo(door);
  const spoil = () =>
    door.decide({
      rule: ruleNamed('write what cannot be written'),
      input: { userId: alice },
      caller: callerOf(alice),
    });
  const [first, spoilt, last] = await Promise.all([
    door.decide(payment(alice, 'bob', {}, { key: '1' })),
    spoil(),
    door.decide(payment(alice, 'bob', {}, { key: '2' })),
  ]);
  t.deepEqual([first, spoilt, last].map(codeOf), [undefined, 'INTERNAL_ERROR', undefined]);
  t.is(mistakes.length, 1);
  t.regex(mistakes[0] ?? '', /this cannot be written[\s\S]* at /);
  // One that is alone says so in its answer, and nothing was made again.
  t.is(codeOf(await spoil()), 'INTERNAL_ERROR');
  t.is(mistakes.length, 1);
  t.is(faults.length, 2);
});
