import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { type PayServer, startPayServer } from '../support/pay-server.js';
import { type Person, registerInside } from '../support/person.js';
import { startRelay } from '../support/relay.js';
import { runPay } from '../support/run-pay.js';
import { runInTerminal } from '../support/terminal.js';

interface Scene {
  readonly server: PayServer;
  readonly bob: Person;
  readonly carol: Person;
}

const test = anyTest as TestFn<Scene>;

test.before(async (t) => {
  const server = await startPayServer();
  const [bob, carol] = await Promise.all([
    registerInside(server, 'bob', 'GBP'),
    registerInside(server, 'carol', 'USD'),
  ]);
  t.context = { server, bob, carol };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

let written = 0;

/** A file of these rows, in the folder of the person. */
async function fileOf({ folder }: Person, ...rows: string[]): Promise<string> {
  written += 1;
  const path = join(folder, `payouts-${written}.csv`);
  await writeFile(path, `to,amount,currency,memo\n${rows.join('\n')}\n`);
  return path;
}

const sendFile = (person: Person, path: string, ...words: string[]) =>
  person.pay('send', '--file', path, ...words);

const balanceOf = async (person: Person) => ((await person.json('balance')) as { amount: string }).amount;

async function payerNamed(t: ExecutionContext<Scene>, name: string): Promise<Person> {
  return await registerInside(t.context.server, name, 'GBP');
}

test('piped, each line is told in a row of its own, and some refused is status 1', async (t) => {
  const ann = await payerNamed(t, 'ann');
  const path = await fileOf(ann, 'bob,10,,"lunch\u200b[31m"', 'carol,12.70,usd,', 'nobody-here,1,,');
  const { status, stdout, stderr } = await sendFile(ann, path, '--yes');
  t.is(status, 1, stderr);
  const rows = stdout.trimEnd().split('\n');
  t.regex(rows[0] ?? '', /^2\tpaid\tbob\t10\.00\tGBP\t10\.00\tGBP\tpay_\w+\tlunch‹U\+200B›\[31m\t$/);
  t.regex(rows[1] ?? '', /^3\tpaid\tcarol\t10\.00\tGBP\t12\.70\tUSD\tpay_\w+\t\t$/);
  t.regex(rows[2] ?? '', /^4\trefused\tnobody-here\t{7}USER_NOT_FOUND: /);
  t.is(rows.length, 3);
  t.regex(stderr, /2 payments to 2 people\n +you pay +20\.00 GBP\n +they receive +10\.00 GBP\n +12\.70 USD/);
  t.regex(stderr, /Made 2 payments of /);
  t.regex(stderr, /1 of 3 lines was refused; the others were paid\./);
  t.is(await balanceOf(ann), '980.00');
});

test('--file - pays what comes through stdin, says how it was read, and the same once more only with --again', async (t) => {
  const abe = await payerNamed(t, 'abe');
  const run = (...words: string[]) =>
    runPay(['send', '--file', '-', ...words], abe.environment, 'to;amount;memo\r\nbob;10,50;x\r\n;;\r\n');
  const unasked = await run();
  t.is(unasked.status, 2);
  t.regex(unasked.stderr, /--yes/);
  const { status, stdout, stderr } = await run('--yes');
  t.is(status, 0, stderr);
  t.regex(stdout, /^2\tpaid\tbob\t10\.50\tGBP\t/);
  t.regex(
    stderr,
    /Read with semicolons between the columns, amounts with a decimal comma \(10,50 as 10\.50\)\./,
  );
  const again = await run('--yes');
  t.is(again.status, 1);
  t.regex(again.stderr, /What came through stdin was paid out on/);
  t.is(await balanceOf(abe), '989.50');
});

test('with --json each line is an object, and --fields narrows it', async (t) => {
  const bea = await payerNamed(t, 'bea');
  const path = await fileOf(bea, 'bob,1,,', 'carol,1,,');
  const { status, stdout, stderr } = await sendFile(bea, path, '--yes', '--fields', 'line,status');
  t.is(status, 0, stderr);
  t.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [
      { line: 2, status: 'paid' },
      { line: 3, status: 'paid' },
    ],
  );
});

test('without a terminal the missing flag is named, and nothing is sent or kept', async (t) => {
  const cleo = await payerNamed(t, 'cleo');
  const { status, stderr } = await sendFile(cleo, await fileOf(cleo, 'bob,1,,'));
  t.is(status, 2);
  t.regex(stderr, /--yes is missing/);
  t.deepEqual(await readdir(join(cleo.folder, 'payouts')), []);
  t.is(await balanceOf(cleo), '1000.00');
});

test('a file that is paid out is paid out once more only with --again', async (t) => {
  const dora = await payerNamed(t, 'dora');
  const path = await fileOf(dora, 'bob,1,,');
  const paid = await sendFile(dora, path, '--yes');
  t.is(paid.status, 0, paid.stderr);
  t.regex(paid.stderr, /Made 1 payment of /);
  const careless = await sendFile(dora, path, '--yes');
  t.is(careless.status, 1);
  t.regex(careless.stderr, /was paid out on .*Nothing was sent now.*--again/s);
  t.is(await balanceOf(dora), '999.00');
  t.is((await sendFile(dora, path, '--yes', '--again')).status, 0);
  t.is(await balanceOf(dora), '998.00');
});

test('a dry run tells what would happen, keeps nothing, and pays nobody', async (t) => {
  const elsa = await payerNamed(t, 'elsa');
  const path = await fileOf(elsa, 'bob,1,,', 'bob,1,,');
  const { status, stdout, stderr } = await sendFile(elsa, path, '--dry-run');
  t.is(status, 0, stderr);
  t.regex(stdout, /^2\tpayable\tbob/);
  t.regex(stderr, /Lines 2, 3 are the same: bob 1\./);
  t.is(await balanceOf(elsa), '1000.00');
  t.is((await sendFile(elsa, path, '--yes')).status, 0);
});

test('of a file that needs more than there is each line is paid that can be, over all its calls', async (t) => {
  const fay = await payerNamed(t, 'fay');
  const path = await fileOf(fay, ...Array.from({ length: 1_100 }, (_, index) => `bob,0.91,,${index}`));
  const dry = await sendFile(fay, path, '--dry-run');
  t.is(dry.status, 1);
  t.regex(dry.stderr, /1,098 payments to 1 person\n +you pay +999\.18 GBP/);
  const { status, stdout, stderr } = await sendFile(fay, path, '--yes');
  t.is(status, 1);
  t.regex(stderr, /You have 1,000\.00 GBP, 1\.00 GBP too little for the whole file/);
  t.regex(stderr, /1,098 payments to 1 person\n +you pay +999\.18 GBP/);
  t.is(stdout.match(/\tpaid\t/g)?.length, 1_098);
  t.deepEqual(stdout.match(/^\d+\trefused\t/gm), ['1100\trefused\t', '1101\trefused\t']);
  t.is(await balanceOf(fay), '0.82');
});

test('a line that costs too much is passed over, asked about on a terminal; with --mode all it pays nobody', async (t) => {
  const lou = await payerNamed(t, 'lou');
  const path = await fileOf(lou, 'bob,1,,', 'carol,999493.73,,', 'carol,2,,');
  const all = await sendFile(lou, path, '--yes', '--mode', 'all');
  t.is(all.status, 1);
  t.regex(all.stderr, /You have 1000\.00 GBP; this needs 999496\.73 GBP/);
  t.is(await balanceOf(lou), '1000.00');
  const run = runInTerminal(['send', '--file', path], lou.environment, 100);
  await run.sees('998,496.73 GBP too little for the whole file');
  await run.sees('Pay 2 people 3.00 GBP in all?');
  run.type('y\r');
  t.is(await run.ended, 1);
  t.is(await balanceOf(lou), '997.00');
  const alone = await sendFile(lou, await fileOf(lou, 'bob,999999,,'), '--yes');
  t.is(alone.status, 1);
  t.regex(alone.stderr, /too little for the whole file\. Nothing was paid\./);
  t.is(await balanceOf(lou), '997.00');
});

test('--mode all pays nobody where one line is refused, and names it', async (t) => {
  const gina = await payerNamed(t, 'gina');
  const path = await fileOf(gina, 'bob,1,,', 'nobody-here,1,,');
  const { status, stderr } = await sendFile(gina, path, '--yes', '--mode', 'all');
  t.is(status, 3);
  t.regex(stderr, /line 3: to is nobody here/);
  t.is(await balanceOf(gina), '1000.00');
  const long = await fileOf(gina, ...Array.from({ length: 1_001 }, () => 'bob,0.01,,'));
  const tooLong = await sendFile(gina, long, '--yes', '--mode', 'all');
  t.is(tooLong.status, 2);
  t.regex(tooLong.stderr, /at most 1000 lines/);
});

test('what a file says cannot be said beside it', async (t) => {
  const hilda = await payerNamed(t, 'hilda');
  const path = await fileOf(hilda, 'bob,1,,');
  t.is((await sendFile(hilda, path, '--memo', 'x', '--yes')).status, 2);
  t.is((await hilda.pay('send', 'bob', '1', '--file', path, '--yes')).status, 2);
  t.is((await hilda.pay('send', 'bob', '1', '--again', '--yes')).status, 2);
  t.is(await balanceOf(hilda), '1000.00');
});

test('while the answer is lost the outcome is unknown, home tells the command, and it pays nobody twice', async (t) => {
  const relay = await startRelay(t.context.server);
  t.teardown(() => relay.stop());
  const ida = await registerInside(relay, 'ida', 'GBP');
  const path = await fileOf(ida, 'bob,1,,', 'carol,1,,');
  relay.break([], 'lose-answer');
  const lost = await sendFile(ida, path, '--yes');
  t.is(lost.status, 7, lost.stderr);
  const command = /^.*(pay send --file .*)$/m.exec(lost.stderr)?.[1] ?? '';
  relay.break([]);
  t.deepEqual(((await ida.json('home')) as { unsettled: string[] }).unsettled, [command]);
  const other = await fileOf(ida, 'bob,1,,x');
  await writeFile(path, await readFile(other));
  const changed = await sendFile(ida, path, '--yes');
  t.regex(changed.stderr, /was begun .* with other contents/);
  t.is(await balanceOf(ida), '997.00');
  await writeFile(path, 'to,amount,currency,memo\nbob,1,,\ncarol,1,,\n');
  const settled = await sendFile(ida, path, '--yes');
  t.is(settled.status, 0, settled.stderr);
  t.regex(settled.stderr, /goes on with it; nobody is paid twice/);
  t.is(settled.stdout.split('\n').length, 3);
  t.is(await balanceOf(ida), '997.00');
  t.deepEqual(((await ida.json('home')) as { unsettled: string[] }).unsettled, []);
});

test('the way back to a file that was begun with other contents is told as the program is called', async (t) => {
  const relay = await startRelay(t.context.server);
  t.teardown(() => relay.stop());
  const kurt = await registerInside(relay, 'kurt', 'GBP');
  const path = await fileOf(kurt, 'bob,1,,');
  relay.break([], 'lose-answer');
  t.is((await sendFile(kurt, path, '--yes')).status, 7);
  relay.break([]);
  await writeFile(path, 'to,amount,currency,memo\nbob,2,,\n');
  const offThePath = { ...kurt.environment, PATH: process.env.PATH ?? '' };
  const { stderr } = await runPay(['send', '--file', path, '--yes'], offThePath);
  t.regex(stderr, /was begun .* with other contents.*\n {2}\S*bin\/pay send --file /s);
});

test('a file that was begun with one token is not begun anew with another of the same payer', async (t) => {
  const relay = await startRelay(t.context.server);
  t.teardown(() => relay.stop());
  const lena = await registerInside(relay, 'lena', 'GBP');
  const path = await fileOf(lena, 'bob,1,,');
  const withToken = async (name: string) => {
    const made = (await lena.json('tokens', 'create', '--name', name, '--scopes', 'pay')) as {
      token: string;
    };
    return (...words: string[]) =>
      runPay(['send', '--file', path, '--yes', ...words], { ...lena.environment, PAY_TOKEN: made.token });
  };
  const [first, second] = [await withToken('first'), await withToken('second')];
  relay.break([], 'lose-answer');
  t.is((await first()).status, 7);
  relay.break([]);
  const other = await second();
  t.is(other.status, 1, other.stderr);
  t.regex(other.stderr, /begun .* with another token.*Nothing was sent now.*--again/s);
  t.is(await balanceOf(lena), '999.00');
  const settled = await first();
  t.is(settled.status, 0, settled.stderr);
  t.is(await balanceOf(lena), '999.00');
});

test('on a terminal the totals are shown and asked about; Enter alone and Ctrl-C pay nobody', async (t) => {
  const june = await payerNamed(t, 'june');
  const path = await fileOf(june, 'bob,10,,"\u200blunch 日本"', 'carol,5,,', 'nobody-here,1,,');
  for (const [answer, status] of [
    ['\r', 1],
    ['\u0003', 130],
  ] as const) {
    const run = runInTerminal(['send', '--file', path], june.environment, 100);
    await run.sees('Pay 2 people 15.00 GBP in all?');
    run.type(answer);
    t.is(await run.ended, status);
  }
  t.is(await balanceOf(june), '1000.00');
  const run = runInTerminal(['send', '--file', path], june.environment, 100);
  await run.sees('Pay 2 people 15.00 GBP in all?');
  t.regex(run.text(), /! line 4, nobody-here: There is no user nobody-here/);
  run.type('y\r');
  t.is(await run.ended, 1);
  t.regex(run.text(), /2 +✓ bob +10\.00 GBP.*‹U\+200B›lunch 日本/);
  t.regex(run.text(), /4 +✗ nobody-here/);
  t.false(run.raw().includes('\u200b'));
  t.is(await balanceOf(june), '985.00');
});

test('Ctrl-C in the middle says how far it came, and the same command goes on', async (t) => {
  const relay = await startRelay(t.context.server);
  t.teardown(() => relay.stop());
  const kate = await registerInside(relay, 'kate', 'GBP');
  const path = await fileOf(kate, ...Array.from({ length: 1_500 }, (_, index) => `bob,0.01,,${index}`));
  relay.break(['none', 'hold-answer']);
  const run = runInTerminal(['send', '--file', path, '--yes'], kate.environment, 100);
  await relay.held;
  await run.sees('1000/1500');
  run.type('\u0003');
  t.is(await run.ended, 7);
  t.regex(run.text(), /Settle it with this command/);
  const again = await sendFile(kate, path, '--yes');
  t.is(again.status, 0, again.stderr);
  t.is(again.stdout.trimEnd().split('\n').length, 1_500);
  t.is(await balanceOf(kate), '985.00');
});
