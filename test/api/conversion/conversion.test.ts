import test from 'ava';
import fc from 'fast-check';
import { currencies } from '../../../server/money/currency.js';
import { sharedServer } from '../support/api-server.js';
import { newPerson } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

test('a conversion is exact until it is rounded down once', async (t) => {
  const { json, status } = await server().ask('/conversion/GBP/USD/10');
  t.is(status, 200);
  const { ratesAsOf, ...rest } = json;
  t.deepEqual(rest, {
    from: 'GBP',
    to: 'USD',
    amount: '10.00',
    rate: '1.27',
    converted: '12.70',
    rounding: 'down',
  });
  t.regex(ratesAsOf, /^\d{4}-\d\d-\d\d$/);
  // 100 ÷ 190.35 = 0.52535…
  t.like((await server().ask('/conversion/JPY/GBP/100')).json, {
    amount: '100',
    converted: '0.52',
    rate: '0.005253480431',
  });
});

test('a currency converts to itself unchanged', async (t) => {
  for (const [code, amount] of [
    ['GBP', '10.01'],
    ['JPY', '7'],
    ['KWD', '0.001'],
  ]) {
    t.like((await server().ask(`/conversion/${code}/${code}/${amount}`)).json, {
      amount,
      converted: amount,
      rate: '1',
    });
  }
});

test('it takes GET only', async (t) => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const reply = await server().ask('/conversion/GBP/USD/10', { method });
    isRefused(t, reply, 'METHOD_NOT_ALLOWED', { detail: /GET/ });
    t.is(reply.headers.allow, 'GET, HEAD');
  }
});

test('a currency that is not known is not found', async (t) => {
  for (const path of [
    'XXX/USD/10',
    'GBP/XXX/10',
    'gbp/USD/10',
    'GBP/Usd/10',
    'G/U/10',
    '%00/USD/1',
    'XAU/USD/1',
  ]) {
    isRefused(t, await server().ask(`/conversion/${path}`), 'NOT_FOUND');
  }
});

test('an amount outside the grammar is refused with what to write instead', async (t) => {
  for (const amount of [
    '0',
    '0.00',
    '-5',
    '+5',
    '1e3',
    '1E3',
    '0x10',
    '010',
    '1,000',
    '1_000',
    '.5',
    '5.',
    'NaN',
    'Infinity',
    '1.005',
    '1.000',
    '%201',
    '1%202',
    '١٢',
    '１２',
    '9007199254740993',
    '9'.repeat(200),
    'ten',
    "1'",
  ]) {
    const reply = await server().ask(`/conversion/GBP/USD/${amount}`);
    isRefused(t, reply, 'INVALID_AMOUNT', { detail: /[Ww]rite (it|a|the|an) /, fields: ['amount'] });
  }
  isRefused(t, await server().ask('/conversion/JPY/USD/1.0'), 'INVALID_AMOUNT', { detail: /no decimals/ });
});

test('an amount that converts to nothing, or beyond what can be held, is refused', async (t) => {
  isRefused(t, await server().ask('/conversion/IDR/KWD/0.01'), 'INVALID_AMOUNT', {
    detail: /larger amount/,
  });
  isRefused(t, await server().ask('/conversion/GBP/IDR/90071992547409.91'), 'INVALID_AMOUNT', {
    detail: /smaller amount/,
  });
});

test('it needs no login and heeds none', async (t) => {
  t.is((await server().ask('/conversion/GBP/USD/10', { token: 'nobody' })).status, 200);
});

test('all currencies are listed with digits and exact rates', async (t) => {
  const { json } = await server().ask('/v1/currencies');
  t.is(json.base, 'GBP');
  t.deepEqual(
    json.data.map(({ code }: { code: string }) => code),
    currencies.map(({ code }) => code),
  );
  const digits = Object.fromEntries(
    json.data.map(({ code, digits }: { code: string; digits: number }) => [code, digits]),
  );
  t.like(digits, { GBP: 2, USD: 2, EUR: 2, CHF: 2, CAD: 2, AUD: 2, JPY: 0, INR: 2, KWD: 3 });
  t.like(
    json.data.find(({ code }: { code: string }) => code === 'USD'),
    { name: 'US Dollar', symbol: '$', rate: '1.27' },
  );
});

test('every conversion is what the published rates give, rounded down', async (t) => {
  const { data } = (await server().ask('/v1/currencies')).json;
  const scale = 10n ** 6n;
  const scaled = (rate: string) => {
    const [whole = '', decimals = ''] = rate.split('.');
    return BigInt(whole + decimals.padEnd(6, '0'));
  };
  const currency = fc.constantFrom(...(data as { code: string; digits: number; rate: string }[]));
  await fc.assert(
    fc.asyncProperty(currency, currency, fc.bigInt({ min: 1n, max: 10n ** 12n }), async (from, to, minor) => {
      const digits = String(minor).padStart(from.digits + 1, '0');
      const point = digits.length - from.digits;
      const amount = from.digits === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
      const { json } = await server().ask(`/conversion/${from.code}/${to.code}/${amount}`);
      const expected =
        (minor * scaled(to.rate) * 10n ** BigInt(to.digits) * scale) /
        (scaled(from.rate) * 10n ** BigInt(from.digits) * scale);
      if (expected === 0n || expected > BigInt(Number.MAX_SAFE_INTEGER)) {
        t.is(json.code, 'INVALID_AMOUNT');
      } else {
        t.is(BigInt(json.converted.replace('.', '')), expected);
      }
    }),
    { numRuns: 100 },
  );
});

test('a dry run of a payment costs what the conversion says', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server(), 'CHF'), newPerson(server(), 'INR')]);
  for (const amount of ['0.01', '1.00', '33.33', '999.99']) {
    const { json } = await server().ask(`/conversion/CHF/INR/${amount}`);
    const send = { to: bob.username, amount, dryRun: true };
    const dry = (await server().ask('/v1/payments', { token: alice.token, send })).json;
    t.deepEqual([dry.received.amount, dry.rate], [json.converted, json.rate]);
  }
});
