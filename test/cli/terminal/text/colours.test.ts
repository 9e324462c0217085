import test from 'ava';
import { colourLevel } from '../../../../cli/terminal/text/colours.js';
import { startPayServer } from '../../support/pay-server.js';
import { register } from '../../support/person.js';
import { makeFolder, plainEnvironment, runPay } from '../../support/run-pay.js';
import { runInTerminal } from '../../support/terminal.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with Escape.
const colour = /\u001b\[[0-9;]*m/;

/** What ends the same on a terminal whatever is known there: nobody is logged in. */
async function refusalInTerminal(more: Record<string, string>, ...words: string[]): Promise<string> {
  const environment = plainEnvironment(await makeFolder(), { PAY_SERVER: 'https://127.0.0.1:1', ...more });
  const run = runInTerminal(['whoami', ...words], environment);
  await run.ended;
  return run.raw();
}

test('an empty NO_COLOR does not switch colours off, and any other does', async (t) => {
  t.regex(await refusalInTerminal({}), colour);
  t.regex(await refusalInTerminal({ NO_COLOR: '' }), colour);
  t.notRegex(await refusalInTerminal({ NO_COLOR: '1' }), colour);
  const deep = { isTTY: true, getColorDepth: (environment: object) => ('NO_COLOR' in environment ? 1 : 8) };
  t.is(colourLevel(deep, { NO_COLOR: '' }), 2);
});

test('--no-color beats everything, wherever it stands', async (t) => {
  t.notRegex(await refusalInTerminal({}, '--no-color'), colour);
  t.notRegex(await refusalInTerminal({ FORCE_COLOR: '1' }, '--no-color'), colour);
  const environment = plainEnvironment(await makeFolder(), { FORCE_COLOR: '1' });
  const { stderr } = await runPay(['--no-color', 'nonsense'], environment);
  t.regex(stderr, /^✗ Unknown command/);
});

test('FORCE_COLOR gives colours to a pipe: in messages, and in tables', async (t) => {
  const server = await startPayServer();
  t.teardown(() => server.stop());
  const alice = await register(server, 'alice', 'GBP');
  const environment = { ...alice.environment, FORCE_COLOR: '1' };
  t.regex((await runPay(['nonsense'], environment)).stderr, colour);
  t.regex((await runPay(['history', '--table'], environment)).stdout, colour);
  t.notRegex((await runPay(['history'], environment)).stdout, colour);
  t.notRegex((await runPay(['history', '--json'], environment)).stdout, colour);
});
