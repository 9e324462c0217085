import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {
  hashToken,
  isWellFormedToken,
  makeToken,
} from '../../../server/features/credentials/secret-token.js';

const prefixes = ['pay_ses_', 'pay_pat_'] as const;
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

test('a token is its prefix and 30 base62 characters, and well formed', (t) => {
  for (const prefix of prefixes) {
    const { token } = makeToken(prefix);
    t.regex(token, /^pay_(ses|pat)_[0-9A-Za-z]{30}$/);
    t.true(token.startsWith(prefix));
    t.true(isWellFormedToken(token));
  }
});

test('the last six characters are the CRC-32 of what precedes, in base62', (t) => {
  // 3421780262 is the CRC-32 of "123456789"; the sum is computed bit by bit here.
  const crc32 = (text: string) => {
    let rest = 0xffff_ffff;
    for (const byte of Buffer.from(text)) {
      rest ^= byte;
      for (let bit = 0; bit < 8; bit += 1) {
        rest = (rest >>> 1) ^ (rest & 1 ? 0xedb8_8320 : 0);
      }
    }
    return (rest ^ 0xffff_ffff) >>> 0;
  };
  t.is(crc32('123456789'), 3_421_780_262);
  for (let round = 0; round < 100; round += 1) {
    const { token } = makeToken('pay_ses_');
    const value = [...token.slice(-6)].reduce((sum, char) => sum * 62 + base62.indexOf(char), 0);
    t.is(value, crc32(token.slice(0, -6)));
  }
});

test('what is stored is the SHA-256 of the token in hex', (t) => {
  const { token, hash } = makeToken('pay_pat_');
  t.is(hash, createHash('sha256').update(token).digest('hex'));
  t.is(hashToken(token), hash);
});

test('no two tokens are the same and every character comes equally often', (t) => {
  const tokens = Array.from({ length: 20_000 }, () => makeToken('pay_ses_').token);
  t.is(new Set(tokens).size, tokens.length);
  const counts = new Map<string, number>();
  for (const char of tokens.flatMap((token) => [...token.slice(8, 32)])) {
    counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  const expected = (tokens.length * 24) / 62;
  const chiSquare = [...base62].reduce(
    (sum, char) => sum + ((counts.get(char) ?? 0) - expected) ** 2 / expected,
    0,
  );
  // With 61 degrees of freedom a fair source stays below this but once in a thousand million times.
  t.true(chiSquare < 150, `${chiSquare}`);
});

test('changing any one character makes a token malformed', (t) => {
  const { token } = makeToken('pay_ses_');
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.nat({ max: token.length - 1 }),
        fc.constantFrom(...base62, '_', '-', ' '),
        (at, char) => {
          const changed = token.slice(0, at) + char + token.slice(at + 1);
          return changed === token || !isWellFormedToken(changed);
        },
      ),
      { numRuns: 5_000 },
    ),
  );
});

test('what is no token of ours is malformed', (t) => {
  const { token } = makeToken('pay_ses_');
  const others = [
    '',
    'pay_ses_',
    token.slice(1),
    `${token}0`,
    `${token}\n`,
    ` ${token}`,
    token.toUpperCase(),
  ];
  for (const text of [...others, token.replace('ses', 'pat'), token.replace('ses', 'adm'), '🔑'.repeat(19)]) {
    t.false(isWellFormedToken(text), JSON.stringify(text));
  }
  t.notThrows(() => fc.assert(fc.property(fc.string(), (text) => !isWellFormedToken(text))));
});
