import test from 'ava';
import fc from 'fast-check';
import { isLink, linkText, type PaymentLink, readLink, sumFault } from '../../../cli/links/payto.js';
import { findCurrency } from '../../../server/money/currency.js';

const servers = fc.oneof(
  fc.constantFrom('https://127.0.0.1:8443', 'https://pay.example.org', 'https://[::1]:9000'),
  fc.integer({ min: 1, max: 65_535 }).map((port) => new URL(`https://club.example:${port}`).origin),
);
const users = fc.stringMatching(/^[A-Za-z0-9@+_-][A-Za-z0-9@.+_-]{0,99}$/);
const sums = fc.record({
  amount: fc.stringMatching(/^(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,3})?$/),
  currency: fc.constantFrom('GBP', 'JPY', 'KWD', 'ZZZ'),
});
// What a memo may hold in one line: no control characters, no marks that turn its direction.
const messages = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 200 })
  .filter((text) => text.length <= 500 && !/[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/u.test(text));
const links: fc.Arbitrary<PaymentLink> = fc.record(
  { server: servers, user: users, sum: sums, message: messages },
  { requiredKeys: ['server', 'user'] },
);

const faultOf = (text: string) => {
  const read = readLink(text);
  return 'fault' in read ? read.fault : undefined;
};

test('what is written as a link is read out of it again, in whatever case its scheme is', (t) => {
  const holds = fc.property(links, fc.boolean(), (link, isLoud) => {
    const text = linkText(link);
    t.regex(text, /^[!-~]+$/);
    const typed = isLoud ? text.replace('payto://x-pay', 'PAYTO://X-PAY') : text;
    t.true(isLink(typed));
    t.deepEqual(readLink(typed), link);
  });
  fc.assert(holds);
});

test('a link looks as RFC 8905 has it, with the server and the user in its path', (t) => {
  const link = {
    ...{ server: 'https://127.0.0.1:8443', user: 'alice' },
    ...{ sum: { amount: '12.50', currency: 'GBP' }, message: 'lunch & more' },
  };
  t.is(linkText(link), 'payto://x-pay/127.0.0.1:8443/alice?amount=GBP:12.50&message=lunch%20%26%20more');
  t.is(linkText({ server: 'https://pay.example.org', user: 'a+b' }), 'payto://x-pay/pay.example.org/a%2Bb');
});

const hostile: Readonly<Record<string, string>> = {
  'of another kind of payment': 'payto://iban/DE75512108001245126199?amount=EUR:200.0',
  'of no target': 'payto://x-pay',
  'of a server alone': 'payto://x-pay/pay.example.org',
  'of a server alone, with a slash': 'payto://x-pay/pay.example.org/',
  'of more than a server and a user': 'payto://x-pay/pay.example.org/alice/bob',
  'with a user within the server': 'payto://x-pay/pay.example.org%40evil.example/alice',
  'with a path within the server': 'payto://x-pay/pay.example.org%2Fevil/alice',
  'with a server in a path of its own': 'payto://x-pay/..%2F..%2Fevil/alice',
  'with a query within the server': 'payto://x-pay/pay.example.org%3Fx/alice',
  'with a port beyond all': 'payto://x-pay/pay.example.org:99999/alice',
  'with a fragment': 'payto://x-pay/pay.example.org/alice#amount=GBP:1',
  'with two amounts': 'payto://x-pay/h/alice?amount=GBP:1&amount=GBP:100',
  'with two amounts in two spellings': 'payto://x-pay/h/alice?amount=GBP:1&AMOUNT=GBP:100',
  'with two messages': 'payto://x-pay/h/alice?message=a&message=b',
  'with half an escape': 'payto://x-pay/h/alice?message=100%',
  'with an escape of no letters': 'payto://x-pay/h/alice?message=%zz',
  'with an escape of broken UTF-8': 'payto://x-pay/h/alice?message=%C3%28',
  'with a line break in its message': 'payto://x-pay/h/alice?message=a%0Ab',
  'with an escape sequence in its message': 'payto://x-pay/h/alice?message=%1B%5B2J',
  'with a mark that turns its direction': 'payto://x-pay/h/alice?message=%E2%80%AEevil',
  'with a control character as it stands': 'payto://x-pay/h/alice?message=a\u0007b',
  'with a blank as it stands': 'payto://x-pay/h/alice?message=a b',
  'with a user who is none': 'payto://x-pay/h/al%20ice',
  'with a user of full stops': 'payto://x-pay/h/..',
  'with an amount without a currency': 'payto://x-pay/h/alice?amount=12.50',
  'with an amount with commas': 'payto://x-pay/h/alice?amount=GBP:1,250.00',
  'with a decimal comma': 'payto://x-pay/h/alice?amount=GBP:12,50',
  'with a negative amount': 'payto://x-pay/h/alice?amount=GBP:-5',
  'with an exponent': 'payto://x-pay/h/alice?amount=GBP:1e9',
  'with an option without a value': 'payto://x-pay/h/alice?amount',
  'that is too long': `payto://x-pay/h/alice?message=${'a'.repeat(5_000)}`,
  'with too long a message': `payto://x-pay/h/alice?message=${'a'.repeat(501)}`,
  'without slashes': 'payto:x-pay/h/alice',
};

for (const [what, text] of Object.entries(hostile)) {
  test(`a link ${what} is refused`, (t) => {
    t.true(isLink(text));
    t.regex(faultOf(text) ?? '', /^The (?:link|message|amount)|^This is no link/);
  });
}

test('options of others are passed over', (t) => {
  t.deepEqual(readLink('payto://x-pay/h/alice?receiver-name=Alice&x=y&amount=gbp:1'), {
    ...{ server: 'https://h', user: 'alice', sum: { amount: '1', currency: 'GBP' } },
  });
});

test('whatever is read is text without anything hidden, or a fault; nothing is thrown', (t) => {
  const parts = fc.constantFrom(
    ...[
      'payto://',
      'x-pay',
      '/',
      '?',
      '&',
      '=',
      'amount',
      'message',
      'GBP:',
      '1',
      '%',
      '%41',
      '%00',
      '@',
      '..',
    ],
    ...['alice', 'h', ':', '#', '\u0000', '\u202e', ' ', '//', '\\', '[::1]', '%2F', '%E2%80%AE', '😀'],
  );
  const texts = fc.oneof(
    fc.array(parts, { maxLength: 14 }).map((some) => `payto://x-pay/h/${some.join('')}`),
    fc.array(parts, { maxLength: 14 }).map((some) => some.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  const holds = fc.property(texts, (text) => {
    const read = readLink(text);
    if ('fault' in read) {
      t.notRegex(read.fault, /[\p{Cc}\p{Bidi_Control}]/u);
      return;
    }
    t.regex(read.server, /^https:\/\/[^/@?#\\\s]+$/);
    t.regex(read.user, /^[A-Za-z0-9@.+_-]+$/);
    t.notRegex(read.message ?? '', /[\p{Cc}\p{Bidi_Control}]/u);
    t.deepEqual(readLink(linkText(read)), read);
  });
  fc.assert(holds, { numRuns: 1_000 });
});

test('a sum in no currency of the server, or that is none in its currency, is a fault', (t) => {
  const of = (amount: string, currency: string) =>
    sumFault({ server: 'https://h', user: 'alice', sum: { amount, currency } }, findCurrency);
  t.is(of('12.50', 'GBP'), undefined);
  t.regex(of('12.50', 'ZZZ') ?? '', /ZZZ, which is no currency here/);
  for (const [amount, currency] of [
    ['12.505', 'GBP'],
    ['1.5', 'JPY'],
    ['0', 'GBP'],
    ['007', 'GBP'],
  ] as const) {
    t.regex(of(amount, currency) ?? '', /is none\./, `${amount} ${currency}`);
  }
  t.is(sumFault({ server: 'https://h', user: 'alice' }, findCurrency), undefined);
});
