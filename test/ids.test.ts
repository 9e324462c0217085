import test from 'ava';
import fc from 'fast-check';
import { decodeTime } from 'ulid';
import { type IdPrefix, idsOf } from '../server/ids.js';

const prefixes = ['usr', 'acc', 'pay', 'ses', 'tok'] as const satisfies readonly IdPrefix[];
const anyMicros = fc.nat({ max: 4_102_444_800_000_000 });

/** Stands for chance where a test wants to know the outcome. */
const always = (byte: number) => (bytes: number) => new Uint8Array(bytes).fill(byte);

test('an id is its prefix and 26 characters of Crockford base 32', (t) => {
  const formed = fc.property(anyMicros, fc.constantFrom(...prefixes), (micros, prefix) =>
    new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`).test(idsOf(micros)(prefix)),
  );
  t.notThrows(() => fc.assert(formed, { numRuns: 2_000 }));
});

test('time, place and chance stand one after the other', (t) => {
  const newId = idsOf(1_795_370_400_123_456, always(31));
  const [first, second] = [newId('pay'), newId('usr')];
  // The library for ULIDs reads the milliseconds; 456 microseconds are E8 in base 32.
  t.is(decodeTime(first.slice(4)), 1_795_370_400_123);
  t.is(first.slice(14), 'E80001ZZZZZZZZZZ');
  t.is(second.slice(4, 14), first.slice(4, 14));
  t.is(second.slice(14), 'E80002ZZZZZZZZZZ');
});

test('ids of one moment sort as they were made, whatever chance adds', (t) => {
  const bytes = [255, 31, 16, 7, 0];
  let turn = 0;
  const newId = idsOf(1_795_370_400_123_456, (count) => always(bytes[turn++ % bytes.length] ?? 0)(count));
  const ids = Array.from({ length: 2_000 }, () => newId('pay'));
  t.deepEqual(ids, [...ids].sort());
  t.is(new Set(ids).size, ids.length);
});

test('an id of a later microsecond sorts after all of an earlier one', (t) => {
  const sorts = fc.property(anyMicros, fc.integer({ min: 1, max: 5_000_000 }), (micros, later) => {
    const earlierIds = idsOf(micros, always(31));
    const lastOfEarlier = Array.from({ length: 40 }, () => earlierIds('pay')).at(-1) ?? '';
    return lastOfEarlier < idsOf(micros + later, always(0))('pay');
  });
  t.notThrows(() => fc.assert(sorts, { numRuns: 2_000 }));
});

test('two makers of the same moment give different ids', (t) => {
  const [one, other] = [idsOf(1_795_370_400_123_456), idsOf(1_795_370_400_123_456)];
  const ids = Array.from({ length: 500 }, () => [one('pay'), other('pay')]).flat();
  t.is(new Set(ids).size, 1_000);
});
