import anyTest, { type TestFn } from 'ava';
import stringWidth from 'string-width';
import type { AdminPaymentJson, AdminUserJson } from '../../../server/features/admin/wire.js';
import type { AuditRecordJson } from '../../../server/features/audit/wire.js';
import type { BooksJson } from '../../../server/features/books/wire.js';
import { actions } from '../../../server/ledger/record-act.js';
import { type ApiServer, startServer } from '../../api/support/api-server.js';
import { changeRows } from '../../api/support/database.js';
import { firstAdmin, payServerOf } from '../support/admin.js';
import { type Person, registerInside } from '../support/person.js';
import { runInTerminal } from '../support/terminal.js';

interface People {
  readonly server: ApiServer;
  readonly root: Person;
}

const test = anyTest as TestFn<People>;

// Colours, a link, the clipboard, a line that writes over another, C1, and text that runs backwards.
const evil = '\u001b[31m\u001b]8;;https://evil.example\u0007\u001b]52;c;aGk=\u0007\r\u009b2J\u202e=1+1';
/** A terminal without colours, and so without what turns while the server is slow. */
const onTerminal = ({ environment }: Person, words: readonly string[], columns: number) =>
  runInTerminal(['admin', ...words], { ...environment, NO_COLOR: '1' }, columns);

/** Whether a terminal would obey any of it. */
function isObeyed(text: string): boolean {
  const beginnings = ['\u001b]', '\u001b[31m', '\u0007', '\u009b', '\u202e'];
  return beginnings.some((beginning) => text.includes(beginning)) || /\r(?!\n)/.test(text);
}

/** Names are changed past the server: its door takes none of it, but books have what was taken before it looked. */
async function rename(server: ApiServer, displayName: string | null, tokenName: string): Promise<void> {
  await changeRows(server, 'update users set display_name = ? where username = ?', [displayName, 'alice']);
  await changeRows(server, 'update tokens set name = ?', [tokenName]);
}

const renameHostile = (server: ApiServer) => rename(server, `Alice ${evil}`, evil);

test.before(async (t) => {
  const server = await startServer();
  Object.assign(t.context, { server });
  const root = await firstAdmin(server);
  const alice = await registerInside(payServerOf(server), 'alice', 'GBP');
  const bob = await registerInside(payServerOf(server), 'bob', 'JPY');
  Object.assign(t.context, { root });
  t.is((await alice.pay('send', 'bob', '12.34', '--memo', 'lunch', '--yes')).status, 0);
  t.is((await alice.pay('send', 'bob', '2000', '--yes')).status, 1);
  t.is((await bob.pay('tokens', 'create', '--name', 'reader')).status, 0);
  await renameHostile(server);
  const act = ['--reason', 'ticket 4711', '--yes'];
  t.is((await root.pay('admin', 'freeze', 'bob', ...act)).status, 0);
  t.is((await root.pay('admin', 'adjust', 'alice', '1234.56', '--credit', ...act)).status, 0);
  t.is((await root.pay('admin', 'limits', 'set', '--user', 'bob', '--per-day', '70000', ...act)).status, 0);
  t.is(
    (await root.pay('admin', 'limits', 'set', '--currency', 'gbp', '--per-payment', '50', ...act)).status,
    0,
  );
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

test('users are found by text, role, status and currency, in pages and whole', async (t) => {
  const { root } = t.context;
  const names = async (...words: string[]) =>
    ((await root.json('admin', 'users', ...words)) as { username: string }[]).map(({ username }) => username);
  t.deepEqual(await names(), ['bob', 'alice', 'root']);
  t.deepEqual(await names('--search', 'ALI'), ['alice']);
  t.deepEqual(await names('--role', 'admin'), ['root']);
  t.deepEqual(await names('--status', 'frozen'), ['bob']);
  t.deepEqual(await names('--currency', 'gbp', '--limit', '1'), ['alice']);
  t.is((await root.pay('admin', 'users', '--all')).stdout, (await root.pay('admin', 'users')).stdout);
  t.regex(
    (await root.pay('admin', 'users')).stdout,
    /\tbob\t\tbob@example\.org\tuser\tfrozen\t192698\tJPY\t/,
  );
  const paged = onTerminal(root, ['users', '-n', '1'], 80);
  t.is(await paged.ended, 0);
  t.regex(paged.text(), /bob[\s\S]*3 users, page 1 of 3\./);
  const second = onTerminal(root, ['users', '-n', '1', '--page', '2'], 80);
  t.is(await second.ended, 0);
  t.notRegex(second.text(), /bob/);
  t.regex(second.text(), /3 users, page 2 of 3\./);
});

test('a page that is not the last names the next one, where no terminal reads', async (t) => {
  const { root } = t.context;
  const users = async (...words: string[]) => (await root.pay('admin', 'users', '-n', '1', ...words)).stderr;
  t.is(await users('--page', '2'), 'There are more: --page 3\n');
  t.is(await users('--page', '2', '--json'), 'There are more: --page 3\n');
  t.is(await users('--page', '3'), '');
  t.is(await users(), 'There are more: --all, or --limit <n>.\n');
});

test('a format without pages refuses one, and does not pass its beginning off as that page', async (t) => {
  const { root } = t.context;
  for (const format of ['csv', 'tsv', 'json', 'ndjson']) {
    const words = ['admin', 'users', '-n', '1', '--page', '2', '--format', format];
    const { status, stdout, stderr } = await root.pay(...words);
    t.is(status, 2, format);
    t.is(stdout, '');
    t.regex(stderr, /--page is for tables, rows and --json; --format \w+ has no pages\./);
  }
});

test('a filter that says nothing without a user is refused by the names of flags', async (t) => {
  const { root } = t.context;
  for (const [words, said] of [
    [['--min', '5'], /^✗ --min goes with --user, --with or --currency/],
    [['--max', '5'], /^✗ --max goes with --user, --with or --currency/],
    [['--direction', 'sent'], /^✗ --direction goes with --user/],
    [['--direction', 'sent', '--with', 'bob'], /^✗ --direction goes with --user/],
  ] as const) {
    const { status, stderr } = await root.pay('admin', 'payments', ...words);
    t.is(status, 2, words.join(' '));
    t.regex(stderr, said);
  }
  t.is((await root.pay('admin', 'payments', '--with', 'bob', '--min', '5')).status, 0);
});

test('a list of somebody who is not there is refused as not found, whichever flag names them', async (t) => {
  const { root } = t.context;
  for (const words of [
    ['payments', '--user', 'nobody'],
    ['payments', '--with', 'nobody', '--json'],
    ['audit', '--actor', 'nobody'],
    ['limits', '--user', 'nobody'],
  ]) {
    const { status, stdout, stderr } = await root.pay('admin', ...words);
    t.is(status, 3, words.join(' '));
    t.is(stdout, '');
    t.regex(stderr, /There is no user nobody\./);
  }
});

test('a user is shown whole: what they hold, why they are frozen, what they have open', async (t) => {
  const { root } = t.context;
  const bob = (await root.json('admin', 'user', 'BOB')) as AdminUserJson;
  t.like(bob, { username: 'bob', status: 'frozen', payments: 2, sessions: { active: 1 } });
  const run = onTerminal(root, ['user', 'bob'], 100);
  t.is(await run.ended, 0);
  t.regex(run.text(), /bob ─+\r\n\r\nJP¥192,698 {2}frozen\r\n/);
  t.regex(run.text(), /\r\nfrozen +just now by root: ticket 4711/);
  t.regex(
    run.text(),
    /\r\nsessions +1\r\n {2}session +from 127\.0\.0\.1, opened just now, ends in 30 days\r\n/,
  );
  t.regex(run.text(), /\r\n {2}token +‹U\+001B›[\s\S]*\(.*read.*\), made just now/);
  t.regex((await root.pay('admin', 'user', 'bob')).stdout, /^session\t127\.0\.0\.1\t\d{4}-.*Z\t\d{4}-.*Z$/m);
  const nobody = await root.pay('admin', 'user', 'nobody');
  t.is(nobody.status, 3);
  t.is(nobody.stderr, '✗ There is no user nobody.\n  → Look them up: pay admin users --search\n');
});

test('everybody’s payments are listed, filtered for a user or for a currency, and shown one by one', async (t) => {
  const { root } = t.context;
  const list = async (...words: string[]) =>
    (await root.json('admin', 'payments', ...words)) as AdminPaymentJson[];
  const all = await list();
  t.deepEqual(
    all.map(({ kind, from, to }) => `${kind} ${from} ${to}`),
    [
      'adjustment null alice',
      'transfer alice bob',
      'opening_credit null bob',
      'opening_credit null alice',
      'opening_credit null root',
    ],
  );
  t.is((await list('--user', 'alice', '--direction', 'sent')).length, 1);
  t.is((await list('--kind', 'opening-credit', '--currency', 'gbp')).length, 2);
  t.is((await list('--currency', 'GBP', '--min', '1000.01')).length, 1);
  t.is((await root.pay('admin', 'payments', '--direction', 'sent')).status, 2);
  const one = await root.json('admin', 'payment', all[1]?.id ?? '');
  t.deepEqual(one, all[1]);
  t.is((await root.pay('admin', 'payment', 'pay_x')).status, 3);
});

test('the audit trail is narrowed by actor, act, noun, subject and time', async (t) => {
  const { root } = t.context;
  const list = async (...words: string[]) =>
    (await root.json('admin', 'audit', ...words)) as AuditRecordJson[];
  t.deepEqual(
    (await list('--actor', 'root', '--action', 'user.frozen')).map(({ subject }) => subject),
    ['bob'],
  );
  t.deepEqual(
    (await list('--action', 'limits')).map(({ subject }) => subject),
    ['GBP', 'bob'],
  );
  t.true((await list('--subject', 'alice')).some(({ action }) => action === 'payment.adjusted'));
  t.deepEqual(await list('--since', '2099-01-01'), []);
  t.deepEqual(await list('--until', '2020-01-01'), []);
  t.is((await root.pay('admin', 'audit', '--since', 'soon')).status, 2);
});

test('an act that there is none of is refused with the one that is likely meant, and the help lists all', async (t) => {
  const { root } = t.context;
  const audit = (...words: string[]) => root.pay('admin', 'audit', '--action', ...words);
  for (const [act, said] of [
    ['user.frozn', /is invalid\. Did you mean user\.frozen\?\n.*See: pay admin audit --help/],
    ['sesion', /Did you mean session\?\n/],
    ['nosuch', /There is no such act\.\n/],
    ['', /There is no such act\.\n/],
  ] as const) {
    const { status, stdout, stderr } = await audit(act);
    t.is(status, 2, act);
    t.is(stdout, '');
    t.regex(stderr, said);
  }
  for (const same of ['limits', 'limits.', 'LIMITS', 'limits.changed']) {
    t.is((await audit(same)).stdout, (await audit('limits')).stdout, same);
  }
  t.not((await audit('limits')).stdout, '');
  const { stdout } = await root.pay('admin', 'audit', '--help');
  t.deepEqual(
    actions.filter((act) => !stdout.includes(`"${act}"`)),
    [],
  );
});

test('lists are whole as CSV, as lines of JSON and behind a filter', async (t) => {
  const { root } = t.context;
  for (const [list, first] of [
    ['users', 'id,username,displayName,email,role,status,currency,balance,createdAt'],
    ['payments', 'id,createdAt,kind,from,to,sentAmount,sentCurrency,receivedAmount,receivedCurrency,'],
    ['audit', 'id,at,actor,action,subject,address,requestId,reason,before,after'],
    ['limits', 'currency,username,perPayment,perDay'],
  ] as const) {
    const run = async (...words: string[]) => (await root.pay('admin', list, ...words)).stdout;
    const csv = await run('--format', 'csv');
    t.true(csv.startsWith(first), csv);
    t.false(isObeyed(csv));
    const all = JSON.parse(await run('--format', 'json')) as unknown[];
    t.deepEqual(all, JSON.parse(await run('--json', '--all')));
    const lines = (await run('--format', 'ndjson')).trimEnd().split('\n');
    t.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      all,
    );
    t.is(csv.trimEnd().split('\r\n').length, all.length + 1);
    t.is(await run('--all', '--jq', 'length'), `${all.length}\n`);
    t.is((await root.pay('admin', list, '--format', 'csv', '--json')).status, 2);
  }
});

test('nothing that others wrote reaches the terminal as it is, and every table fits it', async (t) => {
  t.timeout(120_000);
  const { root } = t.context;
  const lists = [['users'], ['payments'], ['audit'], ['limits'], ['books']];
  for (const columns of [60, 80, 140]) {
    for (const words of [...lists, ['user', 'alice']]) {
      const run = onTerminal(root, words, columns);
      // The books find that the names were changed.
      t.is(await run.ended, words[0] === 'books' ? 1 : 0);
      const name = `${words.join(' ')} at ${columns}`;
      t.false(isObeyed(run.raw()), name);
      if (words.length === 1) {
        const widest = Math.max(
          ...run
            .text()
            .split('\r\n')
            .map((line) => stringWidth(line)),
        );
        t.true(widest <= columns, `${name}: ${widest}\n${run.text()}`);
      }
    }
  }
  for (const words of [...lists, ['user', 'bob']]) {
    t.false(isObeyed((await root.pay('admin', ...words)).stdout));
  }
});

test('limits are listed with whom they hold for, also those of one user alone', async (t) => {
  const { root } = t.context;
  t.is((await root.pay('admin', 'limits')).stdout, 'GBP\t\t50.00\t\nJPY\tbob\t\t70000\n');
  t.is((await root.pay('admin', 'limits', '--user', 'BOB')).stdout, 'JPY\tbob\t\t70000\n');
  t.is((await root.pay('admin', 'limits', 'show')).status, 2);
});

test.serial('the books are shown for each currency, and 1 says that they do not balance', async (t) => {
  const { root, server } = t.context;
  await rename(server, null, 'reader');
  t.like(await root.json('admin', 'books'), { balanced: true, payments: 5, problems: [] });
  const good = onTerminal(root, ['books'], 100);
  t.is(await good.ended, 0);
  t.regex(
    good.text(),
    /issued +held by users +by exchange +sum\r\n *3,234\.56 GBP +3,222\.22 GBP +12\.34 GBP +0\.00 GBP\r\n/,
  );
  t.regex(good.text(), /✓ The books balance: 5 payments, 1\d entries/);
  const change = (by: number) =>
    changeRows(
      server,
      'update accounts set balance = balance + ? where user_id = (select id from users where username = ?)',
      [by, 'alice'],
    );
  await change(1);
  const bad = await root.pay('admin', 'books', '--json');
  t.is(bad.status, 1);
  t.false((JSON.parse(bad.stdout) as BooksJson).balanced);
  t.like(JSON.parse(bad.stderr), { code: 'REFUSED' });
  const shown = onTerminal(root, ['books'], 80);
  t.is(await shown.ended, 1);
  t.regex(shown.text(), /✗ The books do not balance \(5 payments, 1\d entries\)\. \d+ problems?:\r\n {2}\S/);
  t.regex((await root.pay('admin', 'books')).stdout, /^balanced\tfalse\n(?:.*\n)*problem\t/);
  await change(-1);
  t.is((await root.pay('admin', 'books')).status, 0);
  await renameHostile(server);
});
