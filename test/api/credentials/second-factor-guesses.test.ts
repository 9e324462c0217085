import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { appCode, currentStep, wrongCode } from '../../support/authenticator-app.js';
import { type ApiServer, startServer } from '../support/api-server.js';
import { runSql } from '../support/database.js';
import { askAbove, guarded, showing } from '../support/factors.js';
import { goodPassword, newPerson, type Person, patiently, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-factor-'));
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

async function started(
  t: ExecutionContext,
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ApiServer> {
  const server = await startServer({ environment, dataDir });
  t.teardown(() => server.stop());
  return server;
}

const logInAs = ({ ask }: ApiServer, { username }: Pick<Person, 'username'>, code: string) =>
  patiently(() => ask('/v1/sessions', { send: { username, password: goodPassword }, ...showing(code) }));

test('wrong codes are stopped with growing waits, wherever they are shown, and a restart forgets neither them nor used codes', async (t) => {
  const environment = { PAY_RATE_LIMITS: 'guessesAtPlace=3/40' };
  const folder = await makeFolder(t);
  const server = await started(t, folder, environment);
  const [person, other] = [await guarded(server, await newPerson(server)), await newPerson(server)];
  await askAbove(server, person, '5.00');
  const used = appCode(person.secret, currentStep() + 1);
  await runSql(server, 'update second_factors set last_step = 0');
  await runSql(server, "update chain_heads set position = position + 1 where name = 'commits'");
  t.is((await logInAs(server, person, used)).status, 201);
  const wrong = wrongCode(person.secret);
  t.is((await logInAs(server, person, wrong)).status, 401);
  const send = { to: other.username, amount: '10.00' };
  for (const key of ['one', 'two']) {
    const asked = { token: person.token, key, send, ...showing(wrong) };
    isRefused(t, await server.ask('/v1/payments', asked), 'SECOND_FACTOR_REQUIRED');
  }
  const [right = '', another = ''] = person.recoveryCodes;
  const refused = await server.ask('/v1/payments', {
    token: person.token,
    key: 'three',
    send,
    ...showing(right),
  });
  isRefused(t, refused, 'RATE_LIMITED', { detail: /wrong tries/ });
  t.true(Number(refused.headers['retry-after']) > 30);
  t.is(
    (await pay(server, person, { to: other.username, amount: '5.00' })).status,
    201,
    'what asks for none goes on',
  );

  t.is(await server.stop(), 0);
  const again = await started(t, folder, environment);
  isRefused(t, await logInAs(again, person, right), 'RATE_LIMITED');
  await runSql(again, 'update guesses set blocked_until = 1');
  await runSql(again, "update chain_heads set position = position + 1 where name = 'commits'");
  t.is((await logInAs(again, person, used)).status, 401, 'a code works once, for ever');
  isRefused(t, await logInAs(again, person, right), 'RATE_LIMITED');
  const [row] = await runSql(again, 'select failures, blocked_until - last_at as wait from guesses');
  t.deepEqual(row, { failures: 4, wait: 80_000_000 }, 'the second wait is twice the first');
  await runSql(again, 'update guesses set blocked_until = 1');
  await runSql(again, "update chain_heads set position = position + 1 where name = 'commits'");
  t.is((await logInAs(again, person, right)).status, 201);
  t.is((await runSql(again, 'select failures from guesses'))[0]?.failures, 0, 'a right one forgives');
  t.is((await logInAs(again, person, another)).status, 201);
});

test('without the key to their secrets the server says so, recovery codes work, and the key put back makes all well', async (t) => {
  const folder = await makeFolder(t);
  const file = join(folder, 'second-factor.keys');
  const server = await started(t, folder);
  const person = await guarded(server, await newPerson(server));
  t.is(await server.stop(), 0);
  const kept = await readFile(file, 'utf8');
  await rm(file);
  const lost = await started(t, folder);
  t.regex(lost.stderr(), /second factors are sealed with a key that is not in this file/);
  const refused = await logInAs(lost, person, appCode(person.secret, currentStep() + 1));
  t.like(refused.json, { status: 401, code: 'SECOND_FACTOR_REQUIRED', reason: 'unreadable' });
  t.is((await logInAs(lost, person, person.recoveryCodes[0] ?? '')).status, 201);
  const newcomer = await guarded(lost, await newPerson(lost));
  t.is(await lost.stop(), 0);
  await writeFile(file, `${await readFile(file, 'utf8')}${kept}`);
  const found = await started(t, folder);
  t.notRegex(found.stderr(), /second factors are sealed/);
  for (const one of [person, newcomer]) {
    t.is((await logInAs(found, one, appCode(one.secret, currentStep() + 1))).status, 201);
  }
});
