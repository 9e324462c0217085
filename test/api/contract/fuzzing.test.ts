import { randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { needsThreadTimes, testWith } from '../../support/needs.js';
import { realAdmin } from '../support/admins.js';
import { serverForFile } from '../support/api-server.js';
import type { OpenApi } from '../support/contract.js';
import { newPerson } from '../support/people.js';
import { makeInputs } from './authorisation/inputs.js';
import { mutantsOf } from './fuzzing/mutants.js';

const server = serverForFile(test);

/** Set PAY_FUZZ_SEED to what a failure printed, to have the same bodies again. */
const seed = Number(process.env.PAY_FUZZ_SEED ?? randomInt(2 ** 31));
/** Of the server's loop, on the processor, whatever else the machine does meanwhile. */
const mostMs = 50;
const atOnce = 16;

/** Routes that hash or judge a password, which takes other threads a hundred times as long as all else. */
const costly = new Set([
  'register',
  'logIn',
  'registerAdmin',
  'registerOther',
  'checkRegistration',
  'changePassword',
]);
/** How many bodies a route is sent. What takes none refuses all in one place, whatever the route. */
const counts = { usual: 130, costly: 30, withoutBody: 10 };
/** Routes whose success would hang up on the fuzzer, or wait for what never comes. */
const notHere = new Set(['streamEvents', 'logOut']);

interface Target {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly isUnderKey: boolean;
  readonly count: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly mutants: fc.Arbitrary<Buffer>;
}

// biome-ignore lint/suspicious/noExplicitAny: a document is JSON, and this walks all over it.
type Json = any;

/** Names of the members that the body of an operation may have. */
function fieldsOf(document: OpenApi, operation: Json): readonly string[] {
  const schema = operation.requestBody?.content['application/json'].schema ?? {};
  const name =
    String(schema.$ref ?? '')
      .split('/')
      .at(-1) ?? '';
  const resolved = (document.components.schemas as Json)[name] ?? schema;
  return Object.keys(resolved.properties ?? {});
}

/** Bodies of which something is, or is nearly, what the operation takes. */
const better: Readonly<Record<string, unknown>> = {
  sendPayment: {
    to: 'nobody-at-all',
    amount: '0.01',
    currency: 'GBP',
    memo: 'm',
    dryRun: true,
    confirmDuplicateOf: '*',
  },
  sendPayout: { mode: 'each', dryRun: true, items: [{ to: 'nobody-at-all', amount: '0.01', memo: 'm' }] },
  // A name that is looked up nowhere: an address of this machine, where webhooks may not lead.
  createWebhook: { url: 'http://127.0.0.1/hook', types: ['*'] },
};

async function targets(): Promise<readonly Target[]> {
  const { document } = server().contract;
  const [admin, owner] = await Promise.all([realAdmin(server()), newPerson(server())]);
  const inputOf = await makeInputs(server());
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const found: Target[] = [];
  for (const { path, method, operation } of all) {
    const { operationId, requestBody, parameters = [] } = operation;
    if (notHere.has(operationId)) {
      continue;
    }
    const person = path.startsWith('/v1/admin/') ? admin : owner;
    const hasBody = requestBody !== undefined;
    // Where there is no body, the things that would be ended or changed are none.
    const input =
      hasBody && operationId !== 'createWebhook' ? await inputOf(operationId)({ owner: person }) : {};
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(input.path?.[name] ?? 'none'),
    );
    found.push({
      operationId,
      method: method.toUpperCase(),
      path: filled,
      token: operation.security?.length === 0 ? undefined : person.token,
      isUnderKey: parameters.some(({ name }: { name?: string }) => name === 'Idempotency-Key'),
      count: hasBody ? counts[costly.has(operationId) ? 'costly' : 'usual'] : counts.withoutBody,
      headers: hasBody || method !== 'get' ? { 'content-type': 'application/json' } : {},
      mutants: mutantsOf(better[operationId] ?? input.asked?.send ?? {}, fieldsOf(document, operation)),
    });
  }
  return found;
}

interface Shot {
  readonly target: Target;
  readonly body: Buffer;
}

const shotsAt = (all: readonly Target[]): readonly Shot[] =>
  all.flatMap((target, index) =>
    fc
      .sample(target.mutants, { seed: seed + index, numRuns: target.count })
      .map((body) => ({ target, body })),
  );

const told = ({ target, body }: Shot) =>
  `${target.method} ${target.path} (${body.length} bytes, PAY_FUZZ_SEED=${seed}) ${body.toString('latin1').slice(0, 2_000)}`;

/** Sends it, and gives what is wrong with the answer: the client holds every answer against the contract. */
async function fire(shot: Shot): Promise<string | undefined> {
  const { method, path, token, isUnderKey, headers } = shot.target;
  const asked = { method, headers, body: shot.body };
  try {
    const { status, json } = await server().ask(path, {
      ...asked,
      ...(token !== undefined && { token }),
      ...(isUnderKey && { key: randomUUID() }),
    });
    return status >= 500 && json?.code !== 'OVERLOADED'
      ? `${status} ${json?.code}: ${told(shot)}`
      : undefined;
  } catch (error) {
    return `${(error as Error).message}: ${told(shot)}`;
  }
}

/** Milliseconds that the server's loop has been on a processor; Linux tells it by the nanosecond. */
function loopMs(): number {
  const { pid } = server().process;
  const [nanoseconds = '0'] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

async function tookMs(shots: readonly Shot[]): Promise<number> {
  const before = loopMs();
  await Promise.all(shots.map(fire));
  return loopMs() - before;
}

/** Those of a slow volley that are slow by themselves, again and again: else it was the collector's work, or another's. */
async function slowOnes(volley: readonly Shot[]): Promise<readonly string[]> {
  const slow: string[] = [];
  for (const shot of volley) {
    let leastMs = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 4 && leastMs > mostMs; turn += 1) {
      leastMs = Math.min(leastMs, await tookMs([shot]));
    }
    if (leastMs > mostMs) {
      slow.push(`${Math.round(leastMs)} ms: ${told(shot)}`);
    }
  }
  return slow;
}

const volleys: (readonly Shot[])[] = [];
const slowVolleys: (readonly Shot[])[] = [];
const faults: string[] = [];

test.serial.before('every route is sent its bodies', async (t) => {
  t.timeout(300_000);
  const shots = shotsAt(await targets());
  t.true(shots.length > 3_000, `${shots.length} bodies`);
  t.log(`${shots.length} bodies, PAY_FUZZ_SEED=${seed}`);
  const canMeasure = needsThreadTimes.isThere();
  for (let at = 0; at < shots.length; at += atOnce) {
    const volley = shots.slice(at, at + atOnce);
    const before = canMeasure ? loopMs() : 0;
    const answers = await Promise.all(volley.map(fire));
    faults.push(...answers.filter((fault) => fault !== undefined));
    volleys.push(volley);
    if (canMeasure && loopMs() - before > mostMs) {
      slowVolleys.push(volley);
    }
  }
});

test.serial('no body whatever brings a failure, or an answer that the contract does not have', (t) => {
  t.deepEqual(faults.slice(0, 5), []);
});

testWith(needsThreadTimes)('no body takes the event loop for more than 50 ms', async (t) => {
  t.timeout(300_000);
  const slow: string[] = [];
  for (const volley of slowVolleys) {
    slow.push(...(await slowOnes(volley)));
  }
  t.log(`${slowVolleys.length} of ${volleys.length} volleys were looked at one by one`);
  t.deepEqual(slow, []);
});

test.serial('after all of it, the server is well and every currency is zero', async (t) => {
  const admin = await realAdmin(server());
  const { status, json } = await server().ask('/v1/admin/ledger', { token: admin.token });
  t.is(status, 200);
  t.true(json.balanced, JSON.stringify(json.problems));
  t.true(json.currencies.length > 0);
  for (const { currency, sum } of json.currencies) {
    t.is(Number(sum), 0, currency);
  }
});
