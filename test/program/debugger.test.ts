import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { serverForFile } from '../api/support/api-server.js';
import { newPerson, pay } from '../api/support/people.js';
import { inTime, until } from '../support/until.js';
import { attachToMain, attachToThread, type Debugger } from './support/debugger.js';

const root = join(import.meta.dirname, '../../..');

const server = serverForFile(test, { nodeFlags: ['--inspect=127.0.0.1:0'] });

const inspector = () =>
  until('the address of the inspector', () => /ws:\/\/\S+/.exec(server().stderr())?.[0]);

/** Has the debugger stop where this text stands, when that is done, and go on. Gives what was done. */
async function stopsAt<Result>(
  t: ExecutionContext<unknown>,
  debug: Debugger,
  [source, text]: readonly [source: string, text: string],
  act: () => Promise<Result>,
): Promise<Result> {
  t.teardown(() => debug.close());
  await debug.breakAt(source, text);
  const done = act();
  const lines = (await readFile(join(root, source), 'utf8')).split('\n');
  t.true(lines[(await inTime('a stop at the breakpoint', debug.stoppedAt(source))) - 1]?.includes(text));
  await debug.resume();
  return done;
}

test.serial('a debugger stops in a rule, at its line of TypeScript, when somebody pays', async (t) => {
  const [alice, bob] = await Promise.all([newPerson(server()), newPerson(server())]);
  const debug = await attachToThread(await inspector(), 'ledger-thread');
  const place = ['server/features/payments/send-payment.ts', 'judgeTransfer('] as const;
  const paid = await stopsAt(t, debug, place, () =>
    pay(server(), alice, { to: bob.username, amount: '1.00' }),
  );
  t.is(paid.status, 201);
});

test.serial('a debugger stops in a route, at its line of TypeScript, when somebody asks', async (t) => {
  const debug = await attachToMain(await inspector(), 'pay-server');
  const place = ['server/features/conversion/routes.ts', 'exchange.convert('] as const;
  const told = await stopsAt(t, debug, place, () => server().ask('/conversion/GBP/USD/10.00'));
  t.is(told.status, 200);
});
