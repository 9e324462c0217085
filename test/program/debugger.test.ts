import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { startServer } from '../api/support/api-server.js';
import { newPerson, pay } from '../api/support/people.js';
import { inTime, until } from '../support/until.js';
import { attachToThread } from './support/debugger.js';

const root = join(import.meta.dirname, '../../..');
const source = 'server/features/payments/send-payment.ts';
const call = 'judgeTransfer(';

test('a debugger stops in a rule, at its line of TypeScript, when somebody pays', async (t) => {
  const server = await startServer({ nodeFlags: ['--inspect=127.0.0.1:0'] });
  t.teardown(() => server.stop());
  const [alice, bob] = await Promise.all([newPerson(server), newPerson(server)]);
  const inspector = await until(
    'the address of the inspector',
    () => /ws:\/\/\S+/.exec(server.stderr())?.[0],
  );

  const debug = await attachToThread(inspector, 'ledger-thread');
  t.teardown(() => debug.close());
  await debug.breakAt(source, call);
  const paid = pay(server, alice, { to: bob.username, amount: '1.00' });
  const lines = (await readFile(join(root, source), 'utf8')).split('\n');
  t.true(lines[(await inTime('a stop at the breakpoint', debug.stoppedAt(source))) - 1]?.includes(call));
  await debug.resume();
  t.is((await paid).status, 201);
});
