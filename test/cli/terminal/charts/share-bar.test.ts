import test from 'ava';
import fc from 'fast-check';
import { shareBar } from '../../../../cli/terminal/charts/share-bar.js';

test('a bar is as wide as it is said, empty for nothing alone and full for all alone', (t) => {
  const holds = fc.property(
    fc.nat(100),
    fc.integer({ min: 1, max: 100 }),
    fc.integer({ min: 2, max: 60 }),
    fc.boolean(),
    (part, whole, width, isAscii) => {
      const bar = shareBar(part / whole, width, isAscii);
      const rest = isAscii ? '.' : '░';
      const [none, all] = [rest.repeat(width), (isAscii ? '#' : '█').repeat(width)];
      t.is([...bar].length, width);
      t.is(bar === none, part === 0);
      t.is(bar === all, part >= whole);
    },
  );
  fc.assert(holds);
});
