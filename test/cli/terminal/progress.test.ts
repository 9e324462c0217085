import test from 'ava';
import { startPayServer } from '../support/pay-server.js';
import { registerInside } from '../support/person.js';
import { screenOf } from '../support/screen.js';
import { startSlowNetwork } from '../support/slow-network.js';
import { runInTerminal } from '../support/terminal.js';

test('one spinner stands for all that is waited for at once, and is gone at the end', async (t) => {
  const server = await startPayServer();
  t.teardown(() => server.stop());
  const network = await startSlowNetwork(server, 200);
  t.teardown(() => network.stop());
  const alice = await registerInside(network, 'alice', 'GBP');
  const run = runInTerminal(['home'], alice.environment);
  await run.sees('waiting for');
  const waiting = await run.shows(({ lines }) => lines.join('').includes('waiting for'));
  t.is(waiting.lines.length, 1);
  t.is(waiting.lines[0]?.match(/waiting for/g)?.length, 1, waiting.lines[0]);
  t.is(await run.ended, 0);
  const { lines } = await screenOf(run.raw(), 80);
  t.regex(lines[0] ?? '', /^alice /);
  t.false(lines.join('\n').includes('waiting for'));
});
