import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import anyTest, { type TestFn } from 'ava';
import stringWidth from 'string-width';
import { isGolden } from '../support/golden.js';
import { canned, contract, ids } from './golden/answers.js';
import { type CannedServer, startCannedServer } from './support/canned-server.js';
import { runInside } from './support/run-inside.js';
import { root } from './support/run-pay.js';

// How everything looks, byte for byte. After a change that is meant, write the files anew and look at what git shows:
// npm run golden

const test = anyTest as TestFn<{ server: CannedServer }>;

process.env.TZ = 'UTC';

const folder = join(root, 'test/cli/golden');
const widths = [40, 80, 140];

const looks: Readonly<Record<string, readonly string[]>> = {
  home: ['home'],
  balance: ['balance'],
  'balance-at': ['balance', '--at', '2026-10-31'],
  'balance-chart': ['balance', '--chart', '30d'],
  'balance-chart-ascii': ['balance', '--chart', '30d', '--ascii'],
  stats: ['stats'],
  'stats-ascii': ['stats', '--ascii'],
  limits: ['limits'],
  history: ['history'],
  payment: ['show', ids.payment],
  requests: ['requests', '--all'],
  request: ['requests', 'show', ids.request],
  collections: ['collections', '--all'],
  'collections-ascii': ['collections', '--all', '--ascii'],
  collection: ['collections', 'show', ids.collection],
  blocks: ['blocks'],
  notifications: ['notifications', '--keep'],
  webhooks: ['webhooks', 'list'],
  deliveries: ['webhooks', 'deliveries', ids.webhook],
  tokens: ['tokens', 'list'],
  sessions: ['sessions', 'list'],
  convert: ['convert', '10', 'GBP', 'JPY'],
  rates: ['rates'],
  time: ['time'],
  'admin-users': ['admin', 'users'],
  'admin-user': ['admin', 'user', 'bob'],
  'admin-payments': ['admin', 'payments'],
  'admin-payment': ['admin', 'payment', ids.payment],
  'admin-audit': ['admin', 'audit'],
  'admin-stats': ['admin', 'stats'],
  'admin-stats-ascii': ['admin', 'stats', '--ascii'],
  'admin-books': ['admin', 'books'],
  'admin-limits': ['admin', 'limits'],
};

test.before(async (t) => {
  t.context.server = await startCannedServer();
  t.context.server.answer(canned);
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

test('what the server of these tests answers has the shape of the contract', (t) => {
  for (const [value, schema] of contract) {
    t.deepEqual(schema.safeParse(value).error?.issues ?? [], []);
  }
});

/** A name, or a command to be copied, which is not broken however narrow the terminal is. */
function isInOnePiece(line: string): boolean {
  return /^\s*(?:pay .*|\S+)$/.test(line);
}

/** The screen of a person at one width: what is said after what is written. */
async function seen(words: readonly string[], server: CannedServer, width: number, colours: 0 | 1) {
  const { stdout, stderr } = await runInside(words, server, { isTerminal: true, width, colours });
  return stdout + stderr;
}

for (const [name, words] of Object.entries(looks)) {
  test.serial(`pay ${words.join(' ')} looks as it did, at ${widths.join(', ')} columns`, async (t) => {
    const { server } = t.context;
    const parts: string[] = [];
    for (const width of widths) {
      const plain = await seen(words, server, width, 0);
      const coloured = await seen(words, server, width, 1);
      t.is(stripVTControlCharacters(coloured), plain, `colours change nothing else at ${width}`);
      for (const line of plain.split('\n')) {
        t.true(stringWidth(line) <= width || isInOnePiece(line), `at ${width}: ${line}`);
        t.is(line, line.trimEnd(), `blanks at the end, at ${width}`);
      }
      // An escape is written as its picture, for the files are read by people.
      parts.push(
        `── ${width} columns\n${plain}`,
        `── ${width} columns, in colour\n${coloured.replaceAll('\u001b', '␛')}`,
      );
    }
    const text = parts.join('\n');
    await isGolden(t, text, join(folder, `${name}.txt`));
  });
}
