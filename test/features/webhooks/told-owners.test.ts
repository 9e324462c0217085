import test from 'ava';
import { ToldOwners } from '../../../server/features/webhooks/told-owners.js';

test('at first anyone may have events, then those who were told of some, each once', (t) => {
  const told = new ToldOwners();
  t.false(told.isNobody);
  t.is(told.take(), undefined);
  t.true(told.isNobody);
  told.add([1, 2]);
  told.add([2, 3]);
  t.false(told.isNobody);
  t.deepEqual(told.take(), [1, 2, 3]);
  t.deepEqual(told.take(), []);
});

test('anyone is more than some, and so are more than a thousand', (t) => {
  const told = new ToldOwners();
  told.add([1]);
  t.is(told.take(), undefined);
  told.add([1]);
  told.add(undefined);
  told.add([2]);
  t.is(told.take(), undefined);
  const thousand = Array.from({ length: 1_000 }, (_, id) => id);
  told.add(thousand);
  t.deepEqual(told.take(), thousand);
  told.add([...thousand, 1_000]);
  t.is(told.take(), undefined);
  t.true(told.isNobody);
});
