import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { openWriter } from '../../../db/connect.js';
import { payServer } from '../../db/support/processes.js';
import { snapshot } from '../../db/support/snapshot.js';
import { runPayServerInside } from '../../program/support/run-pay-server.js';
import { startPayServer } from '../../support/server-process.js';
import { makeFolder, sampleBooks } from './support/sample-books.js';

const check = (...args: string[]) => runPayServerInside(['check', ...args]);

/** The same in a process of its own. */
const checkAlone = (...args: string[]) =>
  execa(payServer, ['check', ...args], { reject: false, timeout: 60_000, env: { PAY_DATA_DIR: '' } });

test('pay-server check prints the currencies and that all is right, and ends with 0', async (t) => {
  const file = await sampleBooks(t);
  const before = await snapshot(dirname(file));
  const { stdout, stderr, exitCode } = await checkAlone('--data', dirname(file));
  t.is(exitCode, 0, stderr);
  t.is(
    stdout,
    `currency    sum   issued    users  exchange
GBP        0.00  2000.00  1971.32     28.68
JPY           0   100000    99949        51
KWD       0.000  100.000  103.034    -3.034
USD        0.00  1000.00  1026.88    -26.88
19 payments, 50 entries
The books are right.`,
  );
  t.is(stderr, '');
  t.deepEqual(await snapshot(dirname(file)), before);
  t.deepEqual(await readdir(dirname(file)), ['pay.db']);
});

test('pay-server check says what is wrong, a line each, and ends with 1', async (t) => {
  const file = await sampleBooks(t);
  const writer = openWriter(file);
  await writer.raw("update accounts set balance = balance + 1 where kind = 'exchange' and currency = 'GBP'");
  await writer.raw('drop trigger payments_refuse_delete');
  await writer.destroy();
  const { stdout, stderr, status } = await check('--database-url', file);
  t.is(status, 1);
  t.is(stderr, '');
  t.regex(stdout, /^The books are wrong: 4 problems\.$/m);
  t.regex(stdout, /^- schema: the trigger payments_refuse_delete is missing$/m);
  t.regex(stdout, /^- the exchange account of GBP has a balance of \S+ GBP, its entries give \S+ GBP$/m);
  t.regex(stdout, /^- GBP: all accounts together hold 0\.01 GBP where they must hold nothing$/m);
});

test('a check that is interrupted does not end like one that found something', async (t) => {
  const folder = dirname(await sampleBooks(t));
  const checked = await runPayServerInside(['check', '--data', folder], { stopAsked: async () => {} });
  t.is(checked.status, 130);
  t.is(checked.stdout, '');
  t.is(checked.stderr, 'pay-server: Interrupted. Whether the books are right is not known.\n');
});

test('pay-server check --json prints one object', async (t) => {
  const file = await sampleBooks(t);
  const { stdout, status } = await check('--database-url', file, '--json');
  t.is(status, 0);
  const books = JSON.parse(stdout);
  t.deepEqual(Object.keys(books), [
    'balanced',
    'payments',
    'entries',
    'currencies',
    'problems',
    'problemCount',
  ]);
  t.true(books.balanced);
});

test('pay-server check works beside a server that runs', async (t) => {
  const folder = await makeFolder(t);
  const server = await startPayServer({ dataDir: folder });
  t.teardown(() => server.stop());
  const { stdout, stderr, status } = await check('--data', folder);
  t.deepEqual([status, stderr], [0, '']);
  t.is(stdout, '0 payments, 0 entries\nThe books are right.\n');
  t.is(await server.stop(), 0);
});

test('books that are not there, or cannot be read, end with 1 and what to do', async (t) => {
  const folder = await makeFolder(t);
  const { stdout, stderr, status } = await check('--data', folder);
  t.deepEqual([status, stdout], [1, '']);
  t.regex(stderr, /^pay-server: There is no database at .*pay\.db \(ENOENT\)\. Name the folder/);
  t.deepEqual(await readdir(folder), []);
  const text = await check('--database-url', import.meta.filename);
  t.is(text.status, 1);
  t.regex(text.stderr, /is not a database of pay/);
});

test('arguments that are wrong end with 2', async (t) => {
  t.is((await check('--what')).status, 2);
  t.is((await check('--database-url', 'postgres://localhost/')).status, 2);
  t.is((await check(join('a', 'b'))).status, 2);
});
