import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { HtmlValidate } from 'html-validate';
import { type ApiServer, startServer } from '../../api/support/api-server.js';
import { firstAdmin, payServerOf } from '../support/admin.js';
import { type Person, register } from '../support/person.js';
import { makeFolder } from '../support/run-pay.js';

const test = anyTest as TestFn<{ server: ApiServer; ruth: Person; root: Person; paid: string }>;

const hostile = '<script>alert("1")</script> & \'tea\' <img src="https://evil.example/x.png">';

test.before('ruth pays seth, with memos that a page must not run', async (t) => {
  const server = await startServer();
  t.context.server = server;
  const ruth = await register(payServerOf(server), 'ruth', 'GBP');
  await register(payServerOf(server), 'seth', 'JPY');
  t.context.ruth = ruth;
  for (const [place, memo] of [hostile, '=1+1', 'rent', 'lunch'].entries()) {
    const words = ['send', 'seth', `${place + 1}.25`, '--memo', memo, '--yes'];
    t.context.paid = ((await ruth.json(...words)) as { id: string }).id;
  }
  t.context.root = await firstAdmin(server);
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

/** Sound HTML by the rules of a validator, in one file that asks nobody for anything. */
async function isSoundPage(t: ExecutionContext<unknown>, text: string): Promise<void> {
  const validator = new HtmlValidate({ extends: ['html-validate:recommended', 'html-validate:a11y'] });
  const { results } = await validator.validateString(text);
  t.deepEqual(
    results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`),
    ),
    [],
  );
  t.notRegex(text, /<(?:script|link|img|iframe|object)\b|url\(|@import|<[^>]+\son\w+=/);
}

test('a statement begins with what there was, and ends with what the ledger says is left', async (t) => {
  const { ruth } = t.context;
  const made = (await ruth.json('statement', 'this-month')) as {
    opening: { amount: string };
    closing: { amount: string };
    movements: readonly { balanceAfter: { amount: string } }[];
    byKind: { totals: readonly { count: number }[] };
  };
  const balance = (await ruth.json('balance')) as { amount: string };
  t.is(made.opening.amount, '0.00');
  t.is(made.closing.amount, balance.amount);
  t.is(made.movements.at(-1)?.balanceAfter.amount, balance.amount);
  t.is(made.movements.length, 5);
  t.is(made.byKind.totals[0]?.count, 5);
});

test('as a page it is sound, needs nothing from elsewhere, and runs nothing that others wrote', async (t) => {
  const { stdout } = await t.context.ruth.pay('statement', 'this-month', '--format', 'html');
  await isSoundPage(t, stdout);
  t.true(stdout.includes('&lt;script&gt;alert(&quot;1&quot;)'));
  t.regex(stdout, /thead \{ display: table-header-group; \}/);
  t.regex(stdout, /prefers-color-scheme: dark/);
});

test('as CSV it holds the balances around its movements, and nothing that a spreadsheet runs', async (t) => {
  const { stdout } = await t.context.ruth.pay('statement', 'this-month', '--format', 'csv');
  const lines = stdout.trim().split('\r\n');
  t.is(lines.length, 8);
  t.regex(lines[1] ?? '', /opening_balance,,,GBP,0\.00/);
  t.regex(lines.at(-1) ?? '', /closing_balance,,,GBP,/);
  t.notRegex(stdout, /,=1\+1/);
});

test('a receipt is a sound page with the payment in it', async (t) => {
  const { stdout } = await t.context.ruth.pay('show', t.context.paid, '--format', 'html');
  await isSoundPage(t, stdout);
  t.true(stdout.includes(t.context.paid) && stdout.includes('lunch'));
});

test('a period that is yet to come, or none, is refused before anything is asked', async (t) => {
  for (const period of ['2999-01', 'soonish']) {
    const { status, stderr, stdout } = await t.context.ruth.pay('statement', period);
    t.is(status, 2, stderr);
    t.is(stdout, '');
  }
});

test("everybody's statements are written for their reader alone, again where the period goes on", async (t) => {
  const { root } = t.context;
  const out = join(await makeFolder(), 'statements');
  const write = (period: string) => root.json('admin', 'statements', period, '--out', out);
  t.like(await write('this-month'), { written: 3, kept: 0 });
  const files = await readdir(out);
  t.is(files.length, 3);
  const ruths = join(out, files.find((name) => name.endsWith('_ruth.html')) ?? '');
  await isSoundPage(t, await readFile(ruths, 'utf8'));
  t.is((await stat(ruths)).mode & 0o777, 0o600);
  t.like(await write('this-month'), { written: 3, kept: 0 });
  // Nobody had an account then.
  t.like(await write('last-year'), { written: 0, kept: 0 });
  t.is((await root.pay('admin', 'statements', 'this-month')).status, 2);
});
