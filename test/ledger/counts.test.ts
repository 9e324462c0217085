import test from 'ava';
import { registration } from './support/callers.js';
import { openRealBooks } from './support/real-books.js';

for (const name of ['commits', 'events']) {
  test(`books that lack the count of ${name} are not opened, as if there were none yet`, async (t) => {
    const { ledger, reopen, tables, writer } = await openRealBooks(t);
    await ledger.decide(registration('alice'));
    await ledger.settled();
    await writer('chain_heads').where({ name }).delete();
    const before = await tables();
    await t.throwsAsync(reopen(), { message: new RegExp(`The books lack the count of ${name}; .*check`) });
    t.deepEqual(await tables(), before);
  });
}
