import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { appCode, currentStep, wrongCode } from '../../support/authenticator-app.js';
import { newAdmin } from '../support/admins.js';
import { serverForFile } from '../support/api-server.js';
import { numberOf, runSql } from '../support/database.js';
import { askAbove, begin, forgetCodes, guarded, showing } from '../support/factors.js';
import {
  asScript,
  balanceOf,
  goodPassword,
  newPerson,
  type Person,
  patiently,
  pay,
} from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = serverForFile(test);
const path = '/v1/me/second-factor';

const newGuarded = async (currency = 'GBP') => guarded(server(), await newPerson(server(), currency));

const logInAs = ({ username }: Pick<Person, 'username'>, asked: object = {}) =>
  patiently(() => server().ask('/v1/sessions', { send: { username, password: goodPassword }, ...asked }));

/** Sends a payment of ten with a code, or without one. */
const payTen = (from: Person, to: Person, asked: object = {}, key: string = randomUUID()) =>
  server().ask('/v1/payments', {
    ...{ token: from.token, key, send: { to: to.username, amount: '10.00', confirmDuplicateOf: '*' } },
    ...asked,
  });

const stateOf = async ({ token }: Person) => (await server().ask(path, { token })).json;

async function newsOf({
  token,
}: Person): Promise<readonly { type: string; data: Record<string, unknown> }[]> {
  return (await server().ask('/v1/notifications', { token })).json.data;
}

test('a second factor is begun with the password, confirmed with a code, and then asked for at each login', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const { token, username } = person;
  t.deepEqual(await stateOf(person), { on: false, since: null, above: null, recoveryCodesLeft: 0 });
  isRefused(t, await ask(path, { token, send: { currentPassword: 'not-that-one-9' } }), 'WRONG_PASSWORD');
  const begun = await ask(path, { token, send: { currentPassword: goodPassword } });
  const { secret, uri } = begun.json;
  t.regex(secret, /^[A-Z2-7]{32}$/);
  const address = new URL(uri);
  t.is(address.protocol, 'otpauth:');
  t.true(decodeURIComponent(address.pathname).endsWith(`:${username}`), uri);
  t.is(address.searchParams.get('secret'), secret);
  t.false((await stateOf(person)).on);
  t.is((await logInAs(person)).status, 201);

  const wrong = { token, send: { code: wrongCode(secret) } };
  isRefused(t, await ask(`${path}/confirm`, wrong), 'SECOND_FACTOR_REQUIRED', { detail: /wrong/ });
  const code = appCode(secret);
  const confirmed = await ask(`${path}/confirm`, { token, send: { code } });
  t.is(confirmed.status, 200, confirmed.text);
  t.is(new Set(confirmed.json.recoveryCodes).size, 10);
  t.like(await stateOf(person), { on: true, above: null, recoveryCodesLeft: 10 });
  isRefused(t, await ask(path, { token, send: { currentPassword: goodPassword } }), 'SECOND_FACTOR_ON', {
    see: 'switchSecondFactorOff',
  });

  const refused = await logInAs(person);
  t.is(refused.status, 401, refused.text);
  t.like(refused.json, { status: 401, code: 'SECOND_FACTOR_REQUIRED' });
  t.is((await logInAs(person, showing(code))).status, 401, 'the code that confirmed is used up');
  t.is((await logInAs(person, showing(wrongCode(secret)))).status, 401);
  t.is((await logInAs(person, showing(appCode(secret, currentStep() + 1)))).status, 201);
  t.deepEqual(
    (await newsOf(person)).map(({ type }) => type),
    ['second-factor.on'],
  );
});

test('a wrong password is told before a code is looked at', async (t) => {
  const person = await newGuarded();
  const send = { username: person.username, password: 'not-that-one-9' };
  isRefused(
    t,
    await server().ask('/v1/sessions', { send, ...(await person.shows()) }),
    'INVALID_CREDENTIALS',
  );
});

test('a code works once, also for two at once', async (t) => {
  const person = await newGuarded();
  const shown = await person.shows();
  const both = await Promise.all([1, 2].map(() => logInAs(person, shown)));
  t.deepEqual(both.map(({ status }) => status).toSorted(), [201, 401]);
  t.is((await logInAs(person, shown)).status, 401);
});

test('a code counts one step before and after its own, and no further', async (t) => {
  const person = await newGuarded();
  const at = async (step: number) => {
    await forgetCodes(server(), person);
    return (await logInAs(person, showing(appCode(person.secret, step)))).status;
  };
  t.is(await at(currentStep() + 3), 401);
  t.is(await at(currentStep() - 3), 401);
  t.is(await at(currentStep()), 201);
  t.is(await at(currentStep() + 1), 201);
});

test('once a code was used, those of earlier steps are over', async (t) => {
  const person = await newGuarded();
  await forgetCodes(server(), person);
  const step = currentStep();
  t.is((await logInAs(person, showing(appCode(person.secret, step + 1)))).status, 201);
  t.is((await logInAs(person, showing(appCode(person.secret, step)))).status, 401);
});

test('a recovery code works once, in any letter case, and its owner is told', async (t) => {
  const person = await newGuarded();
  const [code = '', other = ''] = person.recoveryCodes;
  t.regex(code, /^[a-z2-9]{4}(?:-[a-z2-9]{4}){5}$/);
  t.is((await logInAs(person, showing(code.toUpperCase()))).status, 201);
  t.is((await logInAs(person, showing(code))).status, 401);
  t.is((await logInAs(person, showing(` ${other.replaceAll('-', '')} `))).status, 201);
  t.is((await stateOf(person)).recoveryCodesLeft, 8);
  const [news] = await newsOf(person);
  t.like(news, { type: 'second-factor.recovered', data: { left: 8, address: '127.0.0.1' } });
});

test('what cannot be a code is refused by the name of the header, and is no guess', async (t) => {
  const person = await newGuarded();
  for (const code of ['12345', '1234567', 'abcdef', 'x'.repeat(200)]) {
    isRefused(t, await logInAs(person, showing(code)), 'VALIDATION_FAILED', {
      fields: ['Pay-Second-Factor'],
    });
  }
});

test('what cannot be a code is refused by the name of the field where it stands in the body', async (t) => {
  const { token } = await newGuarded();
  const { ask } = server();
  for (const code of ['12345', 'abcdef', '']) {
    const sent = { token, send: { code } };
    const fields = ['code'];
    isRefused(t, await ask(`${path}/confirm`, sent), 'VALIDATION_FAILED', { fields });
    isRefused(t, await ask(path, { ...sent, method: 'DELETE' }), 'VALIDATION_FAILED', { fields });
  }
});

test('payments of more than the amount that was set ask for a code, those of it and less do not', async (t) => {
  const [person, other] = [await newGuarded(), await newPerson(server())];
  t.is((await payTen(person, other)).status, 201);
  t.like((await askAbove(server(), person, '9.99')).json, { above: { amount: '9.99', currency: 'GBP' } });
  const key = randomUUID();
  const refused = await payTen(person, other, {}, key);
  isRefused(t, refused, 'SECOND_FACTOR_REQUIRED', { detail: /More than 9\.99 GBP takes a code/ });
  isRefused(t, await payTen(person, other, showing(wrongCode(person.secret)), key), 'SECOND_FACTOR_REQUIRED');
  t.is(await balanceOf(server(), person), '990.00');
  const shown = await person.shows();
  const paid = await payTen(person, other, shown, key);
  t.is(paid.status, 201, 'the key remembers no refusal of a code');
  const replayed = await payTen(person, other, {}, key);
  t.deepEqual([replayed.status, replayed.text], [201, paid.text], 'a replay needs no code');
  t.is((await payTen(person, other, showing('000000'), key)).text, paid.text, 'nor is one part of the key');
  isRefused(t, await payTen(person, other, shown), 'SECOND_FACTOR_REQUIRED');
  t.is((await pay(server(), person, { to: other.username, amount: '9.99' })).status, 201);
  t.is(await balanceOf(server(), person), '970.01');
});

test('a code that was shown for what is refused for something else is not used up', async (t) => {
  const [person, other] = [await newGuarded(), await newPerson(server())];
  await askAbove(server(), person, '5.00');
  const shown = await person.shows();
  const send = { to: other.username, amount: '5000.00' };
  const { token } = person;
  isRefused(
    t,
    await server().ask('/v1/payments', { token, key: randomUUID(), send, ...shown }),
    'INSUFFICIENT_FUNDS',
  );
  t.is((await payTen(person, other, shown)).status, 201);
});

test('a dry run asks for no code, and says nothing of one', async (t) => {
  const [person, other] = [await newGuarded(), await newPerson(server())];
  await askAbove(server(), person, '5.00');
  const dry = { send: { to: other.username, amount: '10.00', dryRun: true } };
  t.is((await payTen(person, other, dry)).status, 200);
  t.is((await payTen(person, other, { ...dry, ...showing(wrongCode(person.secret)) })).status, 200);
});

test('two payments at once with one code: one goes', async (t) => {
  const [person, other] = [await newGuarded(), await newPerson(server())];
  await askAbove(server(), person, '5.00');
  const shown = await person.shows();
  const both = await Promise.all([1, 2].map(() => payTen(person, other, shown)));
  t.deepEqual(both.map(({ status }) => status).toSorted(), [201, 403]);
  t.is(await balanceOf(server(), person), '990.00');
});

test('a script asks for a code above the amount as a person does', async (t) => {
  const [person, other] = [await newGuarded(), await newPerson(server())];
  await askAbove(server(), person, '5.00');
  const script = await asScript(server(), person);
  isRefused(t, await payTen(script, other), 'SECOND_FACTOR_REQUIRED');
  t.is((await payTen(script, other, await person.shows())).status, 201);
});

test('accepting a request, giving back and a payout by its sum ask for a code, too', async (t) => {
  const { ask } = server();
  const [person, other] = [await newGuarded('USD'), await newPerson(server())];
  const { token } = person;
  const received = await pay(server(), other, { to: person.username, amount: '10.00' });
  await askAbove(server(), person, '5.00');
  const asked = await ask('/v1/requests', {
    ...{ token: other.token, key: randomUUID(), send: { from: person.username, amount: '4.50' } },
  });
  const items = Array.from({ length: 3 }, () => ({ to: other.username, amount: '1.70', currency: 'USD' }));
  const acts: readonly (readonly [string, unknown, number])[] = [
    [`/v1/requests/${asked.json.id}/accept`, {}, 200],
    [`/v1/payments/${received.json.id}/refunds`, {}, 201],
    ['/v1/payouts', { mode: 'each', items }, 201],
    ['/v1/payouts', { mode: 'all', items }, 201],
  ];
  for (const [where, send, status] of acts) {
    const before = await balanceOf(server(), person);
    const act = { token, key: randomUUID(), send };
    isRefused(t, await ask(where, act), 'SECOND_FACTOR_REQUIRED', { detail: /More than 5\.00 USD/ });
    t.is(await balanceOf(server(), person), before, where);
    const done = await ask(where, { ...act, ...(await person.shows()) });
    t.is(done.status, status, done.text);
  }
  const small = { mode: 'each', items: items.slice(0, 2) };
  t.is((await ask('/v1/payouts', { token, key: randomUUID(), send: small })).status, 201);
});

test('the amount changes with a code alone, in the own currency, and can be taken away', async (t) => {
  const { ask } = server();
  const person = await newGuarded();
  const change = (above: unknown, shown: object = {}) =>
    ask(path, { method: 'PATCH', token: person.token, send: { above }, ...shown });
  isRefused(t, await change({ amount: '5.00', currency: 'GBP' }), 'SECOND_FACTOR_REQUIRED');
  isRefused(t, await change({ amount: '5', currency: 'JPY' }, await person.shows()), 'UNKNOWN_CURRENCY');
  isRefused(t, await change({ amount: '0', currency: 'GBP' }, await person.shows()), 'INVALID_AMOUNT');
  isRefused(t, await change({ amount: '5' }, await person.shows()), 'VALIDATION_FAILED');
  await askAbove(server(), person, '5.00');
  isRefused(t, await change(null), 'SECOND_FACTOR_REQUIRED');
  t.is((await change(null, await person.shows())).json.above, null);
});

test('it is switched off with a code, in the header or in the body, and not without', async (t) => {
  const { ask } = server();
  for (const way of ['header', 'body'] as const) {
    const person = await newGuarded();
    const off = { method: 'DELETE', token: person.token };
    isRefused(t, await ask(path, off), 'SECOND_FACTOR_REQUIRED');
    isRefused(t, await ask(path, { ...off, ...showing(wrongCode(person.secret)) }), 'SECOND_FACTOR_REQUIRED');
    const shown = await person.shows();
    const right = way === 'header' ? shown : { send: { code: shown.headers['pay-second-factor'] } };
    t.is((await ask(path, { ...off, ...right })).status, 204);
    t.false((await stateOf(person)).on);
    t.is((await logInAs(person)).status, 201);
    t.like((await newsOf(person))[0], { type: 'second-factor.off', data: { address: '127.0.0.1' } });
    isRefused(t, await ask(path, off), 'NOT_FOUND', { see: 'beginSecondFactor' });
    const [row] = await runSql(server(), 'select * from second_factors where user_id = ?', [
      numberOf(person.id),
    ]);
    t.like(row, { status: 'off', secret: null, recovery: '' });
    await guarded(server(), person);
  }
});

test('a secret that was begun again is the only one that can be confirmed, and within a quarter of an hour', async (t) => {
  const { ask } = server();
  const person = await newPerson(server());
  const confirm = (code: string) => ask(`${path}/confirm`, { token: person.token, send: { code } });
  isRefused(t, await confirm('123456'), 'NOT_FOUND', { see: 'beginSecondFactor' });
  const first = await begin(server(), person);
  const second = await begin(server(), person);
  isRefused(t, await confirm(appCode(first)), 'SECOND_FACTOR_REQUIRED');
  const ago = (
    await runSql(server(), 'select since from second_factors where user_id = ?', [numberOf(person.id)])
  )[0]?.since as number;
  const moveTo = (since: number) =>
    runSql(server(), 'update second_factors set since = ? where user_id = ?', [
      since,
      numberOf(person.id),
    ]).then(() => runSql(server(), "update chain_heads set position = position + 1 where name = 'commits'"));
  await moveTo(ago - 15 * 60_000_000);
  isRefused(t, await confirm(appCode(second)), 'NOT_FOUND');
  await moveTo(ago);
  t.is((await confirm(appCode(second))).status, 200);
});

test('an administrator switches off what somebody else has lost the app of, who is told why', async (t) => {
  const { ask } = server();
  const [admin, person] = [await newAdmin(server()), await newGuarded()];
  const off = (username: string) =>
    ask(`/v1/admin/users/${username}`, {
      ...{ method: 'PATCH', token: admin.token, send: { secondFactor: 'off', reason: 'lost phone' } },
    });
  isRefused(t, await off(admin.username), 'FORBIDDEN', { see: 'switchSecondFactorOff' });
  t.is((await off(person.username)).status, 200);
  t.is((await logInAs(person)).status, 201);
  const [news] = await newsOf(person);
  t.is(news?.type, 'second-factor.off');
  t.is(news?.data.reason, 'lost phone');
  t.is(news?.data.address, undefined);
  const { json } = await ask(`/v1/admin/audit?subject=${person.username}&action=second-factor.off`, admin);
  t.like(json.data[0], { actor: admin.username, reason: 'lost phone' });
});

test('the audit trail has what was switched, changed, recovered and refused, and no secret is anywhere', async (t) => {
  const { ask, dataDir, stderr } = server();
  const [admin, person] = [await newAdmin(server()), await newGuarded()];
  await logInAs(person, showing(wrongCode(person.secret)));
  await logInAs(person, showing(person.recoveryCodes[0] ?? ''));
  await askAbove(server(), person, '5.00');
  await ask(path, { method: 'DELETE', token: person.token, ...(await person.shows()) });
  const { json } = await ask(`/v1/admin/audit?subject=${person.username}&limit=100`, admin);
  const acts = json.data.map(({ action }: { action: string }) => action).toReversed();
  t.deepEqual(
    acts.filter((action: string) => action.startsWith('second-factor.')),
    ['begun', 'on', 'refused', 'recovered', 'changed', 'off'].map((act) => `second-factor.${act}`),
  );
  const secrets = [person.secret, ...person.recoveryCodes];
  for (const file of await readdir(dataDir)) {
    const bytes = await readFile(join(dataDir, file), 'latin1');
    t.false(
      secrets.some((secret) => bytes.includes(secret)),
      file,
    );
  }
  t.false(secrets.some((secret) => stderr().includes(secret) || JSON.stringify(json).includes(secret)));
});

test('whoever changes the email address tells its owner where it was before', async (t) => {
  const person = await newPerson(server());
  const email = `new-${person.email}`;
  const send = { email, currentPassword: goodPassword };
  const changed = await server().ask('/v1/me', { method: 'PATCH', token: person.token, send });
  t.is(changed.json.email, email);
  const named = await server().ask('/v1/me', {
    ...{ method: 'PATCH', token: person.token, send: { displayName: 'Alice' } },
  });
  t.is(named.status, 200);
  const news = await newsOf(person);
  t.is(news.length, 1);
  t.like(news[0], {
    type: 'email.changed',
    data: { before: person.email, after: email, address: '127.0.0.1' },
  });
});
