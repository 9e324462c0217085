import test from 'ava';
import { makeDataFolder } from '../../support/first-start.js';
import { startServer } from '../support/api-server.js';
import { balanceOf, freshName, logIn, newPerson, pay } from '../support/people.js';

test('what was answered is there after a restart, and sessions, keys and cursors go on', async (t) => {
  const dataDir = await makeDataFolder(t);
  const first = await startServer({ dataDir, flags: ['--opening-credit', '5.00 EUR'] });
  const [ann, ben] = await Promise.all([newPerson(first, 'EUR'), newPerson(first, 'EUR')]);
  const key = freshName('key');
  const paid = await pay(first, ann, { to: ben.username, amount: '5.00' }, key);
  const page = (await first.ask('/v1/payments?limit=1', { token: ann.token })).json;
  t.is(typeof page.nextCursor, 'string');
  t.is(await first.stop(), 0);

  const second = await startServer({ dataDir });
  t.teardown(async () => void (await second.stop()));
  const replay = await pay(second, ann, { to: ben.username, amount: '5.00' }, key);
  t.deepEqual([replay.status, replay.text], [201, paid.text]);
  t.is(await balanceOf(second, ann), '0.00');
  const next = await second.ask(`/v1/payments?cursor=${page.nextCursor}`, { token: ann.token });
  t.is(next.json.data[0].kind, 'opening_credit');
  t.regex(await logIn(second, ann.username), /^pay_ses_/);
});
