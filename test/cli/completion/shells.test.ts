import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { needsProgram, testWith } from '../../support/needs.js';
import { until } from '../../support/until.js';
import { startPayServer } from '../support/pay-server.js';
import { register } from '../support/person.js';
import { makeFolder } from '../support/run-pay.js';
import { type ShellName, startShell } from './support/shells.js';

const server = await startPayServer();

const oddName = 'b.o-b+shop@example.org';
const alice = await register(server, 'alice', 'GBP');
const odd = await register(server, oddName, 'GBP', oddName);
const carol = await register(server, 'carol', 'GBP');
const memo = 'lunch \u200b]52;c;ZXZpbA==\u00ad\u200b $(touch touched) `touch touched`\r\n; touch touched';
await alice.json('send', oddName, '1', '--yes', '--memo', 'for the shop');
const { id } = (await carol.json('request', 'alice', '5', '--memo', memo)) as { id: string };
const { id: other } = (await odd.json('request', 'alice', '6')) as { id: string };

/** Asks for these values until the cache has them, so that a machine that is busy does not decide the test. */
async function warm(...words: string[]): Promise<void> {
  await until(`something to complete ${words.join(' ')}`, async () =>
    /^[^:]/.test((await alice.pay('complete', '--', ...words)).stdout),
  );
}

await warm('send', '');
await warm('requests', 'accept', '');

test.after.always(() => server.stop());

const names: readonly ShellName[] = ['bash', 'zsh', 'fish'];

for (const name of names) {
  const run = testWith(needsProgram(name));
  run(`${name} completes commands, flags, and values that are alive`, async (t) => {
    const folder = await makeFolder();
    const shell = await startShell(name, alice.environment, folder);
    try {
      shell.type('pay hist\t');
      await shell.shows(/ready> pay history$/m);
      shell.type('--form\t');
      await shell.shows(/pay history --format$/m);
      shell.type('led\t');
      await shell.shows(/pay history --format ledger$/m);
      await shell.drop();

      shell.type('pay history --format=bean\t');
      await shell.shows(/pay history --format=beancount/);
      await shell.drop();

      shell.type('pay send b\t');
      await shell.shows(/pay send b\.o-b\+shop@example\.org/);
      await shell.drop();

      // The name is cut at the @ by some shells.
      shell.type('pay send b.o-b+shop@ex\t');
      await shell.shows(/pay send b\.o-b\+shop@example\.org(?!.*example)/);
      await shell.drop();

      shell.type('pay send --memo "two words" b\t');
      await shell.shows(/pay send --memo "two words" b\.o-b\+shop@example\.org/);
      await shell.drop();
    } finally {
      await shell.end();
    }
    t.pass();
  });

  run(`${name} runs and shows nothing of what others wrote but its text`, async (t) => {
    const folder = await makeFolder();
    const shell = await startShell(name, alice.environment, folder);
    try {
      // Bash shows the choices when there is nothing left that it could insert.
      shell.type(name === 'bash' ? 'pay requests accept re\t\t\t' : 'pay requests accept re\t\t');
      await shell.shows(new RegExp(other.slice(-10)));
      const screen = await shell.shows(new RegExp(id.slice(-10)));
      t.regex(screen, /carol asks you for 5\.00 GBP/);
      t.regex(screen, /lunch ‹U\+200B›\]52/);
    } finally {
      await shell.end();
    }
    await t.throwsAsync(readFile(join(folder, 'touched')));
  });

  run(
    `${name} leaves a file alone that stands behind a redirection, and runs nothing that is typed`,
    async (t) => {
      const folder = await makeFolder();
      await writeFile(join(folder, 'kept.csv'), 'kept');
      const shell = await startShell(name, alice.environment, folder);
      try {
        shell.type('pay history > kept.csv --form\t');
        await shell.shows(/kept\.csv --format$/m);
        await shell.drop();
        shell.type('pay send "$(touch touched)" --me\t');
        await shell.shows(/--memo$/m);
      } finally {
        await shell.end();
      }
      t.is(await readFile(join(folder, 'kept.csv'), 'utf8'), 'kept');
      await t.throwsAsync(readFile(join(folder, 'touched')));
    },
  );

  run(`${name} offers files where a file is wanted, and nowhere else`, async (t) => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'payouts.csv'), 'to,amount\n');
    const shell = await startShell(name, alice.environment, folder);
    try {
      shell.type('pay send --file pay\t');
      await shell.shows(/--file payouts\.csv/);
      await shell.drop();
      shell.type('pay send payo\t\t\t');
      shell.type('--dry\t');
      t.notRegex(await shell.shows(/--dry|payouts/), /payouts/);
    } finally {
      await shell.end();
    }
  });
}
