import { randomUUID } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import type { ErrorCode } from '../../../server/errors.js';
import { serverForFile } from '../support/api-server.js';
import type { Reply } from '../support/client.js';
import { booksOf, changeRows, numberOf, runSql } from '../support/database.js';
import { freshName, goodPassword, logIn, moneyOf, newPerson, type Person, pay } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = serverForFile(test);

let alice: Person;
let bob: Person;
let carol: Person;
let kuwaiti: Person;
let rich: Person;

/** Of the payment that alice has made. */
const firstKey = randomUUID();
const firstPayment = () => ({ to: bob.username, amount: '10.00', memo: 'before' });

test.serial.before('people hold pounds, dollars, yen and dinars, and alice has paid', async () => {
  [alice, bob, carol, kuwaiti, rich] = await Promise.all([
    newPerson(server(), 'GBP', 'alice'),
    newPerson(server(), 'USD', 'bob'),
    newPerson(server(), 'JPY', 'carol'),
    newPerson(server(), 'KWD'),
    newPerson(server(), 'GBP'),
  ]);
  await pay(server(), alice, firstPayment(), firstKey);
});

type Detail = Parameters<typeof isRefused>[3];

const standing = async () => [await moneyOf(server(), [alice, bob, carol]), await countUsers()];

/** Sees that a request is refused so. */
async function refuses(
  t: ExecutionContext,
  request: () => Promise<Reply>,
  code: ErrorCode,
  why?: Detail,
): Promise<void> {
  isRefused(t, await request(), code, why);
}

/**
 * A test after which everybody's balance and history, and how many users there are, is what it was before. What a refusal wrongly
 * wrote would stay, so that it is enough to look once.
 */
const changesNothing = (title: string, refusals: (t: ExecutionContext) => Promise<void>) =>
  test.serial(`${title}, and nothing changes`, async (t) => {
    const before = await standing();
    await refusals(t);
    t.deepEqual(await standing(), before);
  });

const countUsers = () => runSql(server(), 'select count(*) as users from users');

const send = (change: object) => () => pay(server(), alice, { to: bob.username, amount: '1.00', ...change });

const sendBytes = (body: string | Buffer, headers: Record<string, string> = {}) =>
  server().ask('/v1/payments', { token: alice.token, key: randomUUID(), body, headers });

changesNothing('a name that nobody could see', async (t) => {
  for (const displayName of ['', ' ', '\u00a0\u3000', '\u200d\u2060', '\n\t']) {
    const asked = { method: 'PATCH', token: alice.token, send: { displayName } };
    await refuses(t, () => server().ask('/v1/me', asked), 'VALIDATION_FAILED', { fields: ['displayName'] });
  }
});

changesNothing('a payment to oneself, in any letter case', async (t) => {
  for (const to of [alice.username, alice.username.toUpperCase()]) {
    await refuses(t, send({ to }), 'SELF_PAYMENT', { detail: /yourself/, fields: ['to'] });
  }
});

changesNothing('a payment to nobody', async (t) => {
  for (const to of [freshName('nobody'), `${bob.username}x`, bob.email]) {
    await refuses(t, send({ to }), 'USER_NOT_FOUND', { detail: /no user/, fields: ['to'] });
  }
});

changesNothing('a payment to what is no username', async (t) => {
  for (const to of ['', ' ', `${bob.username} `, 'a b', 'é', 'x'.repeat(101), null, 7, [bob.username], {}]) {
    await refuses(t, send({ to }), 'VALIDATION_FAILED', { fields: ['to'] });
  }
});

changesNothing('more than the balance by one minor unit', async (t) => {
  const why = { detail: /990\.00 GBP.*990\.01 GBP/ };
  await refuses(t, send({ amount: '990.01' }), 'INSUFFICIENT_FUNDS', why);
  await refuses(t, () => pay(server(), carol, { to: bob.username, amount: '190351' }), 'INSUFFICIENT_FUNDS', {
    detail: /190350 JPY.*190351 JPY/,
  });
});

changesNothing('more than the balance by a fixed received amount', async (t) => {
  // 990.00 £ are 1257.30 $.
  await refuses(t, send({ amount: '1257.31', currency: 'USD' }), 'INSUFFICIENT_FUNDS');
});

const wrongAmounts = [
  ['0', /above zero/],
  ['0.00', /above zero/],
  ['-5', /without a sign/],
  ['+5', /without a sign/],
  ['\u22125', /without a sign/],
  ['1e3', /without an exponent/],
  ['1E3', /without an exponent/],
  ['0x10', /decimal digits/],
  ['010', /without leading zeros/],
  ['00', /without leading zeros/],
  ['1,000', /without separators/],
  ['1_000', /without separators/],
  ['1.000,00', /without separators/],
  ['.5', /digit before the point/],
  ['5.', /digits after the point/],
  ['.', /digit before the point|in digits/],
  ['NaN', /in digits/],
  ['Infinity', /in digits/],
  ['', /in digits/],
  ['£5', /in digits/],
  ['5 GBP', /without spaces/],
  ['5.001', /at most 2 decimals/],
  ['5.000', /at most 2 decimals/],
  [' 5', /without spaces/],
  ['5 ', /without spaces/],
  ['5\n', /without spaces/],
  ['1 000', /without spaces/],
  ['5\u00a0', /without spaces/],
  ['٥', /digits 0 to 9/],
  ['５', /digits 0 to 9/],
  ['1.٥0', /digits 0 to 9/],
  ['90071992547409.92', /smaller amount/],
  ['9007199254740993', /smaller amount/],
  ['9'.repeat(40), /characters|long/],
  ['9'.repeat(400), /characters|long/],
] as const;

changesNothing('an amount outside the grammar, each with what is wrong about it', async (t) => {
  for (const [amount, detail] of wrongAmounts) {
    await refuses(t, send({ amount }), 'INVALID_AMOUNT', { detail, fields: ['amount'] });
  }
});

changesNothing('the same amounts where they fix what arrives, and as maxDebit', async (t) => {
  for (const [amount, detail] of wrongAmounts) {
    const why = { detail };
    await refuses(t, send({ amount, currency: 'USD' }), 'INVALID_AMOUNT', why);
    await refuses(t, send({ maxDebit: amount }), 'INVALID_AMOUNT', { ...why, fields: ['maxDebit'] });
  }
});

changesNothing('decimals of a currency that has none, and a fourth of one that has three', async (t) => {
  await refuses(t, send({ to: carol.username, amount: '1.0', currency: 'JPY' }), 'INVALID_AMOUNT', {
    detail: /JPY has no decimals/,
  });
  await refuses(t, send({ to: kuwaiti.username, amount: '1.0001', currency: 'KWD' }), 'INVALID_AMOUNT', {
    detail: /KWD has at most 3 decimals/,
  });
});

changesNothing('an amount that is no string', async (t) => {
  for (const amount of [5, 5.5, 1e3, true, null, ['5'], { amount: '5' }, undefined]) {
    await refuses(t, send({ amount }), 'VALIDATION_FAILED', {
      detail: /^amount: /,
      fields: ['amount'],
    });
  }
  for (const amount of ['1e400', '5.00', '-0', '12345678901234567890']) {
    const body = `{"to":"${bob.username}","amount":${amount}}`;
    await refuses(t, () => sendBytes(body), 'VALIDATION_FAILED', {
      detail: /string/,
      fields: ['amount'],
    });
  }
});

changesNothing('a currency that is not known', async (t) => {
  for (const currency of ['XXX', 'gbp', 'Usd', '', 'GBP ', '$', '__proto__', 'constructor', 'toString']) {
    await refuses(t, send({ currency }), 'UNKNOWN_CURRENCY', {
      detail: /^currency: is (?:\w{3,8}, which is )?not a currency of this server\.$/,
      see: 'listCurrencies',
      fields: ['currency'],
    });
  }
  for (const currency of ['XXX', 'gbp']) {
    await refuses(t, send({ currency }), 'UNKNOWN_CURRENCY', { detail: new RegExp(`is ${currency}, which`) });
  }
});

changesNothing('a currency that neither side has', async (t) => {
  for (const [currency, amount] of [
    ['EUR', '1.00'],
    ['JPY', '1'],
  ]) {
    await refuses(t, send({ currency, amount }), 'VALIDATION_FAILED', {
      detail: /GBP.*USD/,
      fields: ['currency'],
    });
  }
});

changesNothing('a memo that is too long or cannot be kept', async (t) => {
  for (const memo of ['x'.repeat(501), 7, ['lunch']]) {
    await refuses(t, send({ memo }), 'VALIDATION_FAILED', { fields: ['memo'] });
  }
  for (const memo of ['\ud800', 'x\udc00']) {
    await refuses(t, send({ memo }), 'MALFORMED_JSON');
  }
  // NUL, ESC, DEL, C1, marks of direction, overrides and isolates.
  for (const hidden of '\0\u001b\u0007\u007f\u009b\u200e\u061c\u202e\u2066') {
    await refuses(t, send({ memo: `a${hidden}b` }), 'VALIDATION_FAILED', { fields: ['memo'] });
  }
});

changesNothing(
  'what a terminal would obey in an amount, a display name, a reason or the name of a token',
  async (t) => {
    await refuses(t, send({ amount: '5\0' }), 'VALIDATION_FAILED', { fields: ['amount'] });
    const { ask } = server();
    const { token } = alice;
    const evil = 'a\u009b2J';
    // A name is of one line, too.
    for (const name of [evil, 'a\nb']) {
      const change = () => ask('/v1/me', { method: 'PATCH', token, send: { displayName: name } });
      await refuses(t, change, 'VALIDATION_FAILED', { fields: ['displayName'] });
      const make = () => ask('/v1/tokens', { token, send: { name, scopes: ['read'] } });
      await refuses(t, make, 'VALIDATION_FAILED', { fields: ['name'] });
    }
    const refund = () =>
      ask('/v1/payments/pay_1/refunds', { token, key: randomUUID(), send: { reason: evil } });
    await refuses(t, refund, 'VALIDATION_FAILED', { fields: ['reason'] });
  },
);

changesNothing('no key, a key that is none, and the same key with another body', async (t) => {
  const { ask } = server();
  const { token } = alice;
  const body = { to: bob.username, amount: '1.00' };
  await refuses(t, () => ask('/v1/payments', { token, send: body }), 'IDEMPOTENCY_KEY_REQUIRED');
  await refuses(t, () => ask('/v1/payments', { token, key: 'a b', send: body }), 'IDEMPOTENCY_KEY_INVALID');
  const other = { ...firstPayment(), amount: '2.00' };
  await refuses(t, () => pay(server(), alice, other, firstKey), 'IDEMPOTENCY_KEY_REUSED');
});

changesNothing('a token that is missing, malformed, expired or logged out', async (t) => {
  const { ask } = server();
  const [expired, ended] = [await logIn(server(), alice.username), await logIn(server(), alice.username)];
  await ask('/v1/sessions/current', { method: 'DELETE', token: ended });
  const script = { name: 'script', scopes: ['pay'] };
  const personal = (await ask('/v1/tokens', { token: expired, send: script })).json;
  await runSql(server(), 'update tokens set created_at = 1, expires_at = 2 where id = ?', [
    numberOf(personal.id),
  ]);
  const body = { to: bob.username, amount: '1.00' };
  for (const token of [
    undefined,
    '',
    'x',
    `${alice.token}x`,
    alice.token.toUpperCase(),
    ended,
    personal.token,
  ]) {
    await refuses(
      t,
      () => ask('/v1/payments', { ...(token !== undefined && { token }), key: randomUUID(), send: body }),
      'UNAUTHENTICATED',
    );
  }
});

changesNothing('JSON that is broken', async (t) => {
  const whole = JSON.stringify({ to: bob.username, amount: '1.00' });
  for (const body of [
    whole.slice(0, -1),
    `${whole}}`,
    `${whole} ${whole}`,
    whole.replaceAll('"', "'"),
    whole.replace(':', '='),
    whole.replace('}', ',}'),
    `// a comment\n${whole}`,
    'to=bob&amount=1.00',
    '<payment/>',
    'undefined',
    'NaN',
    '\u0000',
    ' ',
    '{"to":"bob","amount":01}',
    '{"memo":"\n"}',
    '{"memo":"\\x41"}',
    '['.repeat(30_000),
    `${'['.repeat(100)}${']'.repeat(100)}`,
    `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`,
  ]) {
    await refuses(t, () => sendBytes(body), 'MALFORMED_JSON', { detail: /body|string/ });
  }
});

changesNothing('an empty body', async (t) => {
  await refuses(
    t,
    () => server().ask('/v1/payments', { method: 'POST', token: alice.token, key: randomUUID() }),
    'MALFORMED_JSON',
    { detail: /empty/ },
  );
});

changesNothing('broken UTF-8', async (t) => {
  const body = (bytes: number[]) =>
    Buffer.concat([
      Buffer.from(`{"to":"${bob.username}","amount":"1.00","memo":"`),
      Buffer.from(bytes),
      Buffer.from('"}'),
    ]);
  for (const bytes of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
    await refuses(t, () => sendBytes(body(bytes)), 'MALFORMED_JSON', { detail: /UTF-8/ });
  }
});

changesNothing('JSON that is too large', async (t) => {
  const body = JSON.stringify({ to: bob.username, amount: '1.00', memo: 'x'.repeat(65_536) });
  await refuses(t, () => sendBytes(body), 'BODY_TOO_LARGE', { detail: /./ });
  const padded = JSON.stringify({ to: bob.username, amount: '1.00' }) + ' '.repeat(65_536);
  await refuses(t, () => sendBytes(padded), 'BODY_TOO_LARGE');
});

changesNothing('JSON that is no object', async (t) => {
  for (const body of ['null', '[]', '"text"', '1', 'true', '[{"to":"bob","amount":"1.00"}]']) {
    await refuses(t, () => sendBytes(body), 'VALIDATION_FAILED', { detail: /object/ });
  }
});

changesNothing('unknown fields, __proto__ and its kind among them', async (t) => {
  const { username } = bob;
  for (const field of [
    'colour',
    'from',
    'id',
    'balance',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
  ]) {
    const body = `{"to":"${username}","amount":"1.00",${JSON.stringify(field)}:{"amount":"5.00","dryRun":true}}`;
    await refuses(t, () => sendBytes(body), 'VALIDATION_FAILED', { fields: [field] });
  }
  t.is(Object.hasOwn(Object.prototype, 'dryRun'), false);
});

changesNothing('duplicate fields, however they are spelled', async (t) => {
  const { username } = bob;
  for (const [body, name] of [
    [`{"to":"${username}","amount":"1.00","amount":"2.00"}`, 'amount'],
    [`{"to":"${username}","amount":"1.00","amount":"1.00"}`, 'amount'],
    [`{"to":"${username}","amount":"1.00","\\u0061mount":"2.00"}`, 'amount'],
    [`{"to":"${username}","to":"${carol.username}","amount":"1.00"}`, 'to'],
    [`{"to":"${username}","amount":"1.00","__proto__":1,"__proto__":2}`, '__proto__'],
  ] as const) {
    await refuses(t, () => sendBytes(body), 'MALFORMED_JSON', {
      detail: new RegExp(`"${name}".*twice`),
    });
  }
});

changesNothing('fields of the wrong type', async (t) => {
  for (const [change, field] of [
    [{ dryRun: 'true' }, 'dryRun'],
    [{ dryRun: 1 }, 'dryRun'],
    [{ dryRun: null }, 'dryRun'],
    [{ currency: 826 }, 'currency'],
    [{ currency: null }, 'currency'],
    [{ maxDebit: 5 }, 'maxDebit'],
    [{ maxDebit: null }, 'maxDebit'],
  ] as const) {
    await refuses(t, send(change), 'VALIDATION_FAILED', { fields: [field] });
  }
});

changesNothing('a wrong method, path or content type', async (t) => {
  const { ask } = server();
  const { token } = alice;
  const asked = { token, key: randomUUID(), send: { to: bob.username, amount: '1.00' } };
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    await refuses(t, () => ask('/v1/payments', { ...asked, method }), 'METHOD_NOT_ALLOWED', {
      detail: /GET, HEAD, POST/,
    });
  }
  for (const path of ['/v1/payments/', '/v1/payment', '/v1/Payments', '/payments', '//v1/payments']) {
    await refuses(t, () => ask(path, asked), 'NOT_FOUND');
  }
  const body = JSON.stringify(asked.send);
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
  ]) {
    await refuses(t, () => sendBytes(body, { 'content-type': type }), 'UNSUPPORTED_MEDIA_TYPE', {
      detail: /application\/json/,
    });
  }
  await refuses(t, () => sendBytes(body, { 'content-encoding': 'gzip' }), 'UNSUPPORTED_MEDIA_TYPE');
});

const registration = (change: object) => async () => {
  const username = freshName();
  const good = { username, email: `${username}@example.org`, password: goodPassword, currency: 'GBP' };
  return server().ask('/v1/users', { send: { ...good, ...change } });
};

changesNothing('a username in use, in any letter case', async (t) => {
  for (const username of [alice.username, alice.username.toUpperCase()]) {
    await refuses(t, registration({ username }), 'USERNAME_TAKEN', { fields: ['username'] });
  }
});

changesNothing('a username that is none', async (t) => {
  for (const username of [
    '',
    '.',
    '..',
    'two words',
    ' alice',
    'alice ',
    'x'.repeat(101),
    'a/b',
    'a:b',
    'é',
    'аlice',
    '🐙',
    'a\nb',
    '%00',
    7,
    null,
    undefined,
  ]) {
    await refuses(t, registration({ username }), 'VALIDATION_FAILED', { fields: ['username'] });
  }
});

changesNothing('an email address that is none', async (t) => {
  for (const email of [
    '',
    'alice',
    'alice@',
    '@example.org',
    'a b@example.org',
    `${'x'.repeat(250)}@x.org`,
    7,
  ]) {
    await refuses(t, registration({ email }), 'VALIDATION_FAILED', { fields: ['email'] });
  }
});

changesNothing('a currency that cannot be held', async (t) => {
  for (const currency of ['XXX', 'usd', '', 'BTC']) {
    await refuses(t, registration({ currency }), 'UNKNOWN_CURRENCY', {
      see: 'listCurrencies',
      fields: ['currency'],
    });
  }
  await refuses(t, registration({ currency: undefined }), 'VALIDATION_FAILED');
});

changesNothing('a weak password of each kind, each with which it is', async (t) => {
  const username = freshName('marguerite');
  const email = 'bartholomew.k@example.org';
  for (const [password, detail] of [
    ['', /shorter than 8/],
    ['Xq7!xQ2', /shorter than 8/],
    ['82649173508264', /entirely numeric/],
    ['٨٢٦٤٩١٧٣٥٠', /entirely numeric/],
    ['password', /too common/],
    ['Password1', /too common/],
    ['qwertyuiop', /too common/],
    ['letmein123', /too common/],
    [username, /username/],
    [username.toUpperCase(), /username/],
    [`${username}1`, /username/],
    ['bartholomew.k', /email/],
    [email, /email/],
  ] as const) {
    await refuses(t, registration({ username, email, password }), 'WEAK_PASSWORD', {
      detail,
      fields: ['password'],
    });
  }
  for (const password of ['x'.repeat(1025), 12345678, null, undefined]) {
    await refuses(t, registration({ password }), 'VALIDATION_FAILED', { fields: ['password'] });
  }
});

changesNothing('what only the system may say of a user', async (t) => {
  for (const change of [
    { role: 'admin' },
    { status: 'active' },
    { balance: '1000000.00' },
    { id: 'usr_1' },
  ]) {
    await refuses(t, registration(change), 'VALIDATION_FAILED', { fields: Object.keys(change) });
  }
});

changesNothing('a payment whose receiver could not count the balance', async (t) => {
  const before = await booksOf(server(), [rich]);
  const most = Number.MAX_SAFE_INTEGER;
  await changeRows(server(), 'update accounts set balance = ? where user_id = ?', [
    most - 50,
    numberOf(rich.id),
  ]);
  await refuses(t, send({ to: rich.username, amount: '0.51' }), 'INVALID_AMOUNT', {
    detail: /too large/,
  });
  await changeRows(server(), 'update accounts set balance = 100000 where user_id = ?', [numberOf(rich.id)]);
  t.deepEqual(await booksOf(server(), [rich]), before);
});
