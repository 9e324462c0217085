import test from 'ava';
import fc from 'fast-check';
import { joined, RecentNumbers } from '../../../server/ledger/book/recent-numbers.js';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

/** Notes and turns in any order; what was noted since the last turn but one must be found. */
const story = fc.array(fc.oneof({ weight: 9, arbitrary: int32 }, fc.constant('turn' as const)), {
  maxLength: 200,
});

test('what was noted since the last turn but one is never missed', (t) => {
  const isNeverMissed = fc.property(story, (steps) => {
    const numbers = new RecentNumbers(8);
    let [before, current]: [number[], number[]] = [[], []];
    for (const step of steps) {
      if (step === 'turn') {
        numbers.turn();
        [before, current] = [current, []];
      } else {
        numbers.note(step);
        current.push(step);
      }
    }
    return numbers.noted === current.length && [...before, ...current].every((one) => numbers.mayHold(one));
  });
  t.notThrows(() => fc.assert(isNeverMissed));
});

test('with eight bits of room a number, few are taken for noted that were not', (t) => {
  const numbers = new RecentNumbers(16);
  for (let number = 0; number < 2 ** 13; number += 1) {
    numbers.note(joined(number, number));
  }
  let mistaken = 0;
  for (let number = 2 ** 13; number < 2 ** 14; number += 1) {
    mistaken += Number(numbers.mayHold(joined(number, number)));
  }
  t.true(mistaken / 2 ** 13 < 0.05, `${mistaken} of ${2 ** 13}`);
});

test('after two turns nothing is left', (t) => {
  const numbers = new RecentNumbers(10);
  numbers.note(5);
  numbers.turn();
  t.true(numbers.mayHold(5));
  numbers.turn();
  t.false(numbers.mayHold(5));
});
