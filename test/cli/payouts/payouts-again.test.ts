import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import type { PayoutRecord } from '../../../cli/payouts/earlier/journal.js';
import { type PayServer, startPayServer } from '../support/pay-server.js';
import { type Person, registerInside } from '../support/person.js';
import { startRelay } from '../support/relay.js';
import { runPay } from '../support/run-pay.js';
import { runInTerminal } from '../support/terminal.js';

const test = anyTest as TestFn<{ readonly server: PayServer }>;

test.before(async (t) => {
  const server = await startPayServer();
  t.context = { server };
  await registerInside(server, 'bob', 'GBP');
  await registerInside(server, 'carol', 'GBP');
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

interface Payer {
  readonly person: Person;
  readonly path: string;
  /** Puts these lines into the file, in place of what was there. */
  write(...rows: string[]): Promise<void>;
  send(...words: string[]): ReturnType<typeof runPay>;
  balance(): Promise<string>;
}

async function payerNamed(t: ExecutionContext<{ server: PayServer }>, name: string, relay?: PayServer) {
  const person = await registerInside(relay ?? t.context.server, name, 'GBP');
  const path = join(person.folder, 'payouts.csv');
  const payer: Payer = {
    person,
    path,
    write: (...rows) => writeFile(path, `${rows.join('\n')}\n`),
    send: (...words) => person.pay('send', '--file', path, ...words),
    balance: async () => ((await person.json('balance')) as { amount: string }).amount,
  };
  return payer;
}

const head = 'to,amount,memo';

test('a file is the same however its lines are written, and in whatever order', async (t) => {
  const { path, write, send, balance } = await payerNamed(t, 'ada');
  await write(head, 'bob,1,"for\ntea"', 'carol,2.50,x');
  t.is((await send('--yes')).status, 0);
  t.is(await balance(), '996.50');
  const contents = {
    'line breaks of a spreadsheet': 'to,amount,memo\r\nbob,1,"for\r\ntea"\r\ncarol,2.50,x\r\n',
    'amounts with their zeros': 'to,amount,memo\nbob,1.00,"for\ntea"\ncarol,2.5,x\n',
    'rows in another order': 'to,amount,memo\ncarol,2.50,x\nbob,1,"for\ntea"\n',
    'columns in another order': 'memo,amount,to\n"for\ntea",1,bob\nx,2.50,carol\n',
    'the own currency named': 'to,amount,memo,currency\nbob,1,"for\ntea",GBP\ncarol,2.50,x,\n',
    'semicolons, and names in capitals': 'to;amount;memo\nBOB;1,00;"for\ntea"\nCarol;2,50;x\n',
  };
  for (const [what, text] of Object.entries(contents)) {
    await writeFile(path, text);
    const { status, stderr } = await send('--yes');
    t.is(status, 1, what);
    t.regex(stderr, /was paid out on .*Nothing was sent now.*--again/s, what);
  }
  t.is(await balance(), '996.50');
  await write(head, 'bob,1,"for\ntea"', 'carol,2.50,y');
  t.regex((await send('--yes')).stderr, /1 of its 2 lines was paid by this file at .*: line 2 bob 1\./);
});

test('of a file with a new line the others are not paid again, and --unpaid pays the new one', async (t) => {
  const { write, send, balance } = await payerNamed(t, 'bea');
  await write(head, 'bob,1,', 'carol,2,');
  t.is((await send('--yes')).status, 0);
  await write(head, 'bob,1,', 'carol,2,', 'carol,4,');
  const careless = await send('--yes');
  t.is(careless.status, 1, careless.stderr);
  t.regex(careless.stderr, /would pay again\. Nothing was sent now\./);
  t.regex(careless.stderr, /2 of its 3 lines were paid by this file at .*: line 2 bob 1, line 3 carol 2\./);
  t.regex(careless.stderr, /To pay only the other line, add: --unpaid/);
  t.regex(careless.stderr, /--again/);
  t.is((await send()).status, 1, 'without a terminal nobody can agree');
  t.is(await balance(), '997.00');
  const dry = await send('--dry-run');
  t.regex(dry.stderr, /! 2 of its 3 lines were paid by this file/);
  const rest = await send('--unpaid', '--yes');
  t.is(rest.status, 0, rest.stderr);
  t.regex(rest.stdout, /^4\tpaid\tcarol\t4\.00\t[^\n]*\n$/);
  t.regex(rest.stderr, /2 of the 3 lines were paid before; this pays the rest/);
  t.is(await balance(), '993.00');
  const nobody = await send('--unpaid', '--yes');
  t.is(nobody.status, 0, nobody.stderr);
  t.regex(nobody.stderr, /Every line was paid before/);
  t.regex((await send('--yes')).stderr, /All 3 of its lines were paid by this file at /);
  t.is((await send('--again', '--yes')).status, 0);
  t.is(await balance(), '986.00');
});

test('where a refused line is mended in its place, only it is paid with --unpaid', async (t) => {
  const { write, send, balance } = await payerNamed(t, 'cleo');
  await write(head, 'bob,1,', 'carlo,2,', 'bob,4,');
  const first = await send('--yes');
  t.is(first.status, 1);
  t.regex(first.stderr, /--unpaid/);
  t.regex((await send('--yes')).stderr, /what was refused then \(1 of 3\), add: --unpaid/);
  await write(head, 'bob,1,', 'carol,2,', 'bob,4,');
  t.regex(
    (await send('--yes')).stderr,
    /2 of its 3 lines were paid by this file at .*: line 2 bob 1, line 4 bob 4\./,
  );
  t.is(await balance(), '995.00');
  t.is((await send('--unpaid', '--yes')).status, 0);
  t.is(await balance(), '993.00');
});

test('lines that another file has paid are told with its path, and alike ones count singly', async (t) => {
  const { person, path, write, send, balance } = await payerNamed(t, 'dora');
  await write(head, 'bob,1,');
  t.is((await send('--yes')).status, 0);
  const other = join(person.folder, 'other.csv');
  await writeFile(other, `${head}\nbob,1,\nbob,1,\n`);
  const careless = await person.pay('send', '--file', other, '--yes');
  t.is(careless.status, 1);
  t.true(careless.stderr.includes(`1 of its 2 lines was paid by ${path} at `), careless.stderr);
  t.is(await balance(), '999.00');
});

test('--unpaid pays nobody where nothing is known of the file, and does not go with --again', async (t) => {
  const { write, send, balance } = await payerNamed(t, 'ella');
  await write(head, 'bob,1,');
  const unknown = await send('--unpaid', '--yes');
  t.is(unknown.status, 1);
  t.regex(unknown.stderr, /nothing is kept here of who was paid.*leave out: --unpaid/s);
  t.is((await send('--unpaid', '--again', '--yes')).status, 2);
  t.is(await balance(), '1000.00');
});

test('on a terminal it is asked whether everybody is paid all the same', async (t) => {
  const { person, path, write, send, balance } = await payerNamed(t, 'fay');
  await write(head, 'bob,1,');
  t.is((await send('--yes')).status, 0);
  await write(head, 'bob,1,', 'carol,2,');
  const careful = runInTerminal(['send', '--file', path], person.environment, 120);
  await careful.sees('1 of its 2 lines was paid by this file at ');
  await careful.sees('Pay everybody in it all the same?');
  careful.type('\r');
  t.is(await careful.ended, 1);
  t.regex(careful.text(), /Nobody was paid\.[\s\S]*--unpaid/);
  const willing = runInTerminal(['send', '--file', path], person.environment, 120);
  await willing.sees('Pay everybody in it all the same?');
  willing.type('y\r');
  await willing.sees('Pay 2 people 3.00 GBP in all?');
  willing.type('y\r');
  t.is(await willing.ended, 0);
  t.is(await balance(), '996.00');
});

test('a payout whose outcome is not known goes on from a file that is written otherwise, or has more lines', async (t) => {
  const relay = await startRelay(t.context.server);
  t.teardown(() => relay.stop());
  const { path, write, send, balance } = await payerNamed(t, 'gina', relay);
  await write(head, 'bob,1,', 'carol,2.00,x');
  relay.break([], 'lose-answer');
  t.is((await send('--yes')).status, 7);
  relay.break([]);
  await write(head, 'bob,1,', 'carol,2.00,x', 'carol,4,');
  const careless = await send('--yes');
  t.is(careless.status, 1, careless.stderr);
  t.regex(
    careless.stderr,
    /2 of its 3 lines may have been paid by this file, which was begun at .*not paid out/,
  );
  t.is(await balance(), '997.00');
  await writeFile(path, `to,amount,memo\r\ncarol,2,x\r\nbob,1.00,\r\n`);
  const other = await send('--mode', 'all', '--yes');
  t.regex(other.stderr, /begun with --mode each/);
  await write(head, 'carol,4,', 'carol,2,x', 'bob,1.00,');
  const settled = await send('--unpaid', '--yes');
  t.is(settled.status, 0, settled.stderr);
  t.regex(settled.stderr, /goes on with it; nobody is paid twice/);
  t.regex(settled.stdout, /^4\tpaid\tbob[^\n]*\n3\tpaid\tcarol\t2\.00[^\n]*\n$/);
  t.is(await balance(), '997.00');
  t.is((await send('--unpaid', '--yes')).status, 0);
  t.is(await balance(), '993.00');
});

/** Puts the one record of the payer into the form in which earlier versions kept it. */
async function makeEarlier({ person, path }: Payer): Promise<void> {
  const folder = join(person.folder, 'payouts');
  const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  const {
    items: _items,
    digests: _digests,
    currency: _currency,
    ...record
  } = JSON.parse(await readFile(join(folder, name), 'utf8')) as PayoutRecord;
  const contentHash = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  const identity = JSON.stringify([contentHash, record.server, record.user]);
  await rm(join(folder, name));
  await writeFile(
    join(folder, `${createHash('sha256').update(identity).digest('hex')}.json`),
    JSON.stringify({ ...record, contentHash }),
  );
}

test('what earlier versions kept of a payout goes on, and is refused once it is finished', async (t) => {
  const relay = await startRelay(t.context.server);
  t.teardown(() => relay.stop());
  const payer = await payerNamed(t, 'hilda', relay);
  const { write, send, balance } = payer;
  await write(head, 'bob,1.00,', 'carol,2,"a\r\nb"');
  relay.break([], 'lose-answer');
  t.is((await send('--yes')).status, 7);
  relay.break([]);
  await makeEarlier(payer);
  const settled = await send('--yes');
  t.is(settled.status, 0, settled.stderr);
  t.regex(settled.stderr, /goes on with it; nobody is paid twice/);
  t.is(await balance(), '997.00');
  await write(head, 'bob,1.00,', 'carol,2,"a\r\nb"', 'carol,4,');
  t.regex((await send('--yes')).stderr, /2 of its 3 lines were paid by this file/);
  await write(head, 'bob,1.00,', 'carol,2,"a\r\nb"');
  await makeEarlier(payer);
  t.regex((await send('--yes')).stderr, /was paid out on/);
  t.regex((await send('--unpaid', '--yes')).stderr, /nothing is kept here of who was paid/);
  t.is(await balance(), '997.00');
});

test('with a token that may only pay, the own currency is the same named or left out', async (t) => {
  const { person, path, write, balance } = await payerNamed(t, 'ida');
  const { token } = (await person.json('tokens', 'create', '--name', 'x', '--scopes', 'pay')) as {
    token: string;
  };
  const send = () => runPay(['send', '--file', path, '--yes'], { ...person.environment, PAY_TOKEN: token });
  await write('to,amount,currency', 'bob,1,');
  t.is((await send()).status, 0);
  await write('to,amount,currency', 'bob,1.00,gbp');
  const careless = await send();
  t.is(careless.status, 1, careless.stderr);
  t.regex(careless.stderr, /was paid out on/);
  t.is(await balance(), '999.00');
});
