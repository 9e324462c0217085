import test from 'ava';
import fc from 'fast-check';
import { exchangeAccountId, issuanceAccountId, systemAccounts } from '../../server/ledger/system-accounts.js';

const characters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];
const code = fc
  .tuple(
    fc.constantFrom(...characters.slice(0, 26)),
    fc.array(fc.constantFrom(...characters), { minLength: 2, maxLength: 5 }),
  )
  .map(([first, others]) => [first, ...others].join(''));

test('no two accounts of the system have one number, nor that of an account of somebody', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.uniqueArray(code, { maxLength: 20 }), (codes) => {
        const ids = codes.flatMap(systemAccounts).map(({ id }) => id);
        return (
          new Set(ids).size === 2 * codes.length && ids.every((id) => Number.isSafeInteger(id) && id < 0)
        );
      }),
    ),
  );
});

test('currencies whose codes begin alike have accounts of their own', (t) => {
  const ids = ['GBP', 'GBPX', 'GBPXYZ', 'GBPXY1'].flatMap((one) => [
    issuanceAccountId(one),
    exchangeAccountId(one),
  ]);
  t.is(new Set(ids).size, 8);
});
