import test from 'ava';
import fc from 'fast-check';
import type { Api } from '../../../cli/api/api.js';
import { type Call, Unanswered } from '../../../cli/api/call.js';
import { unreachable } from '../../../cli/api/judge-answer.js';
import { callOf, type Loose } from '../../../cli/api/operation.js';
import { failureOf } from '../../../cli/api/problem.js';
import { NothingSent } from '../../../cli/api/transport.js';
import { Failure } from '../../../cli/failure/failure.js';
import { followEvents } from '../../../cli/news/follow-events.js';

/** The behaviour of one connection: refused, or open until so many events have passed and then broken off or ended. */
type Connection = { readonly refusal: Error } | { readonly events: number; readonly isTorn: boolean };

const server = 'https://pay.example';
const refused = { refusal: unreachable(server, new NothingSent(new Error('refused'))) } as const;

const idOf = (number: number) => `evt_${String(number).padStart(3, '0')}`;
const block = (number: number) =>
  `id: ${idOf(number)}\nevent: test\ndata: ${JSON.stringify({ id: idOf(number), type: 'test', at: '', data: {} })}\n\n`;

interface Told {
  readonly events: readonly string[];
  readonly calls: readonly Call[];
  readonly waitsMs: readonly number[];
  readonly outcome: string;
}

/** Follows a server of many events that goes on after Last-Event-ID, over connections that behave as they are told. */
async function follow(connections: readonly Connection[], wanted: number, since?: string): Promise<Told> {
  const [events, calls, waitsMs]: [string[], Call[], number[]] = [[], [], []];

  async function* stream(after: number, connection: { events: number; isTorn: boolean }) {
    yield `: connected\nretry: 1000\nid: ${idOf(after)}\n\n`;
    for (let number = after + 1; number <= after + connection.events; number += 1) {
      const text = block(number);
      yield text.slice(0, 9);
      yield text.slice(9);
    }
    if (connection.isTorn) {
      yield block(after + connection.events + 1).slice(0, 30);
      throw new Error('cut');
    }
  }

  const api: Api = {
    server,
    exchange: () => Promise.reject(new Error('not used')),
    call: () => Promise.reject(new Error('no operation is called here')),
    close: async () => {},
    stream: async (name, _accept, ...[given]) => {
      const call = callOf(name, given as Loose | undefined);
      const connection = connections[calls.length] ?? { events: 1_000, isTorn: false };
      calls.push(call);
      if ('refusal' in connection) {
        throw connection.refusal;
      }
      return stream(Number(call.lastEventId?.slice(4) ?? 0), connection);
    },
  };
  const outcome = await followEvents({
    api,
    since,
    signal: new AbortController().signal,
    sleep: async (ms) => void waitsMs.push(ms),
    silenceMs: 45_000,
    random: () => 0.5,
    onEvent: async ({ id }) => void events.push(id),
    onConnected: async () => {},
    onLost: async () => {},
    onBack: async () => {},
    isOver: () => events.length >= wanted,
  }).then(
    () => 'over',
    (error: unknown) => (error instanceof Failure ? error.kind : String(error)),
  );
  return { events, calls, waitsMs, outcome };
}

const firstOnes = (count: number, after = 0) =>
  Array.from({ length: count }, (_, at) => idOf(after + at + 1));

const someConnection: fc.Arbitrary<Connection> = fc.oneof(
  fc.constant<Connection>(refused),
  fc.constant<Connection>({ refusal: failureOf(503, { code: 'OVERLOADED', status: 503 }) }),
  fc.constant<Connection>({ refusal: new Unanswered(new Error('cut')) }),
  fc.record({ events: fc.nat(5), isTorn: fc.boolean() }),
);

test('however often the connection is lost, every event comes once and in order', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(someConnection, { maxLength: 12 }), async (rest) => {
      const { events, outcome } = await follow([{ events: 1, isTorn: true }, ...rest], 40);
      t.is(outcome, 'over');
      t.deepEqual(events, firstOnes(40));
    }),
    { numRuns: 200 },
  );
});

test('the waits grow while the server stays away, have a limit, and begin anew once it is back', async (t) => {
  const away = Array.from({ length: 7 }, () => refused);
  const { waitsMs } = await follow(
    [{ events: 1, isTorn: true }, ...away, { events: 1, isTorn: false }, refused],
    5,
  );
  t.deepEqual(waitsMs, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 1_000, 2_000]);
});

test('it begins after the event that is named, and takes up to 45 s of silence', async (t) => {
  const { events, calls } = await follow([], 3, idOf(5));
  t.deepEqual(events, firstOnes(3, 5));
  t.is(calls[0]?.lastEventId, idOf(5));
  t.is(calls[0]?.timeoutMs, 45_000);
  t.is((await follow([], 1)).calls[0]?.lastEventId, undefined);
});

test('a first connection that fails is told at once', async (t) => {
  const { outcome, calls } = await follow([refused], 1);
  t.is(outcome, 'unreachable');
  t.is(calls.length, 1);
});

test('a session that has ended, a key that changed and a refused place end it', async (t) => {
  const changed = new Failure('unreachable', 'another key', { figures: { expected: 'x' } });
  const refusals = [
    [failureOf(401, { code: 'UNAUTHENTICATED', status: 401 }), 'not-logged-in'],
    [failureOf(400, { code: 'INVALID_CURSOR', status: 400 }), 'usage'],
    [changed, 'unreachable'],
  ] as const;
  for (const [refusal, kind] of refusals) {
    const { outcome, calls } = await follow([{ events: 2, isTorn: false }, { refusal }], 9);
    t.is(outcome, kind);
    t.is(calls.length, 2);
  }
});
