import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { Api } from '../../../cli/api/api.js';
import type { ApiAnswer, Call } from '../../../cli/api/call.js';
import { type Act, targetOf } from '../../../cli/api/operation.js';
import type { Context } from '../../../cli/context.js';
import { Failure } from '../../../cli/failure/failure.js';
import { acceptanceAct } from '../../../cli/requests/request-act.js';
import { type CarryOutOptions, carryOut } from '../../../cli/settling/carry-out.js';
import { openActs, type PendingAct } from '../../../cli/settling/pending.js';
import { makePrompts } from '../../../cli/terminal/prompts/prompts.js';
import { makeScreen } from '../../../cli/terminal/screen.js';
import { quietTerminal } from '../support/quiet-terminal.js';
import { makeFolder } from '../support/run-pay.js';

const server = 'https://pay.example';
const payer = { server, user: 'alice', profileName: 'alice' };

type Body = Act<'POST /v1/requests/{id}/accept'>;

const refusal = (code: string): ApiAnswer => ({
  status: 409,
  headers: {},
  text: JSON.stringify({ code, status: 409, detail: 'It would cost more.' }),
});
const paid: ApiAnswer = { status: 201, headers: {}, text: '{"id":"pay_1"}' };

const target = targetOf('POST /v1/requests/{id}/accept', { params: { id: 'req_1' } });
const wanted: Body = { memo: 'lunch' };

interface Told {
  readonly outcome: string;
  readonly calls: readonly Call[];
  readonly agreed: number;
  /** Keys on the disk at the moment that each was sent. */
  readonly kept: readonly boolean[];
  readonly left: number;
}

/** Carries out a payment whose price rises with each agreement, against a server that answers like this. */
async function carryThrough(
  answers: readonly ApiAnswer[],
  options: CarryOutOptions,
  earlier?: PendingAct,
): Promise<Told> {
  const folder = await makeFolder();
  if (earlier) {
    await openActs(folder).write(earlier);
  }
  const pendingFiles = (): Promise<string[]> => readdir(join(folder, 'pending')).catch(() => []);
  const [calls, kept]: [Call[], boolean[]] = [[], []];
  let agreed = 0;
  const api: Api = {
    server,
    exchange: async (call) => {
      kept.push((await pendingFiles()).includes(`${call.idempotencyKey}.json`));
      calls.push(call);
      return answers[calls.length - 1] ?? paid;
    },
    call: () => Promise.reject(new Error('no operation is called here')),
    stream: () => Promise.reject(new Error('not used')),
    close: async () => {},
  };
  const { stdin, stderr } = quietTerminal();
  const signal = new AbortController().signal;
  const screen = makeScreen(stderr, {});
  const context = {
    folder,
    signal,
    stderr: screen,
    prompts: makePrompts({ stdin, stderr: screen, signal }),
    now: () => new Date(),
    say: async () => {},
    api: async () => api,
  } as unknown as Context;
  const intent = {
    target,
    body: wanted,
    describe: () => acceptanceAct('req_1'),
    command: () => ({ verb: ['requests', 'accept'], operands: ['req_1'], flags: {} }),
    agree: async (body: Body): Promise<Body> => {
      agreed += 1;
      return { ...body, maxDebit: String(agreed) };
    },
  };
  const outcome = await carryOut(context, payer, intent, options).then(
    () => 'done',
    (error: unknown) => (error instanceof Failure ? error.kind : String(error)),
  );
  return { outcome, calls, agreed, kept, left: (await pendingFiles()).length };
}

test('where the rate has changed it is agreed anew, under a new key, with the new price', async (t) => {
  const told = await carryThrough([refusal('RATE_CHANGED'), refusal('POSSIBLE_DUPLICATE')], {});
  t.is(told.outcome, 'done');
  t.is(told.agreed, 3);
  t.deepEqual(
    told.calls.map(({ body }) => (body as Body).maxDebit),
    ['1', '2', '3'],
  );
  t.is(new Set(told.calls.map(({ idempotencyKey }) => idempotencyKey)).size, 3);
  t.deepEqual(told.kept, [true, true, true]);
  t.is(told.left, 0);
});

test('where nobody is asked, or the key is given, a changed rate is the end', async (t) => {
  for (const options of [{ yes: true }, { key: 'mine' }] as const) {
    const told = await carryThrough([refusal('RATE_CHANGED')], options);
    t.is(told.outcome, 'refused');
    t.is(told.calls.length, 1);
    t.is(told.left, 0);
  }
});

const earlier: PendingAct = {
  ...acceptanceAct('req_1'),
  ...target,
  body: wanted,
  key: 'mine',
  server,
  user: payer.user,
  createdAt: '2026-11-22T18:00:00.000Z',
  command: ['pay', 'requests', 'accept', '--key', 'mine', 'req_1'],
};

test('an act that an earlier command may have sent is sent as it was, and stays open where the door refuses it', async (t) => {
  const atDoor: ApiAnswer = { status: 401, headers: {}, text: '{"code":"UNAUTHENTICATED","status":401}' };
  const told = await carryThrough([atDoor], { key: 'mine', yes: true }, earlier);
  t.is(told.outcome, 'unknown');
  t.deepEqual(
    told.calls.map(({ body, idempotencyKey }) => [body, idempotencyKey]),
    [[wanted, 'mine']],
  );
  t.is(told.left, 1);
});

test('a key whose act is open is for nothing else', async (t) => {
  const other = { ...earlier, body: { memo: 'dinner' } };
  const told = await carryThrough([paid], { key: 'mine', yes: true }, other);
  t.is(told.outcome, 'usage');
  t.deepEqual(told.calls, []);
  t.is(told.left, 1);
});

test('any other refusal is the end', async (t) => {
  const told = await carryThrough([refusal('REQUEST_CLOSED')], {});
  t.is(told.outcome, 'refused');
  t.is(told.agreed, 1);
});
