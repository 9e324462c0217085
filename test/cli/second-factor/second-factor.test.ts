import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { appCode, currentStep, wrongCode } from '../../support/authenticator-app.js';
import { type PayServer, startPayServer } from '../support/pay-server.js';
import { type Person, password, registerInside } from '../support/person.js';
import { readQrOnScreen } from '../support/read-qr.js';
import { payProgram } from '../support/run-pay.js';
import { runPayInside } from '../support/run-pay-inside.js';
import { runInTerminal } from '../support/terminal.js';

const test = anyTest as TestFn<{ server: PayServer }>;

const enter = '\r';
const controlC = '\u0003';

/** The rows of a terminal that nobody has made larger. */
const usualRows = 24;

test.before(async (t) => {
  t.context = { server: await startPayServer() };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

let people = 0;

async function newPerson({ context }: ExecutionContext<{ server: PayServer }>): Promise<Person> {
  people += 1;
  return registerInside(context.server, `person-${people}`, 'GBP');
}

interface Guarded extends Person {
  readonly secret: string;
  /** A code that was not used yet. */
  nextCode(): string;
}

/** Somebody whose second factor was switched on without a terminal, and asks above five pounds. */
async function guarded(t: ExecutionContext<{ server: PayServer }>): Promise<Guarded> {
  const person = await newPerson(t);
  const begun = await runPayInside(
    ['2fa', 'on', '--password-stdin', '--json'],
    person.environment,
    `${password}\n`,
  );
  t.is(begun.status, 0, begun.stderr);
  const { secret } = JSON.parse(begun.stdout);
  const confirm = ['2fa', 'confirm', '--code', appCode(secret)];
  const { recoveryCodes } = (await person.json(...confirm)) as { recoveryCodes: string[] };
  t.is(recoveryCodes.length, 10);
  const nextCode = () => recoveryCodes.shift() ?? '';
  const above = (await person.json('2fa', 'above', '5', '--code', nextCode())) as { above: unknown };
  t.deepEqual(above.above, { amount: '5.00', currency: 'GBP' });
  return { ...person, secret, nextCode };
}

const balanceOf = async (person: Person) => ((await person.json('balance')) as { amount: string }).amount;
const pendingOf = ({ folder }: Person) => readdir(join(folder, 'pending')).catch(() => []);

test('`pay 2fa on` shows a code for the camera and its secret, and recovery codes once it is confirmed', async (t) => {
  const person = await newPerson(t);
  const run = runInTerminal(['2fa', 'on'], person.environment, 80, payProgram, usualRows);
  await run.sees('Password:');
  run.type(password + enter);
  const { lines } = await run.shows((view) => view.lines.some((line) => line.includes('The code that')));
  const typed = /secret: ([A-Z2-7 ]+)/.exec(lines.join('\n'))?.[1]?.replaceAll(' ', '') ?? '';
  const onScreen = lines.slice(-usualRows);
  t.regex(onScreen.at(-1) ?? '', /The code that/);
  const code = onScreen.filter((line) => /^[█▀▄ ]{25,}$/.test(line));
  const uri = new URL(readQrOnScreen(code) ?? 'none:');
  t.is(uri.protocol, 'otpauth:');
  t.is(uri.searchParams.get('secret'), typed);
  run.type(`12${enter}`);
  await run.sees('not the six digits');
  run.type(`\b\b${wrongCode(typed)}${enter}`);
  await run.sees('The code is wrong');
  await run.sees('The code that the app shows');
  run.type(appCode(typed) + enter);
  t.is(await run.ended, 0);
  const shown = run.text().match(/[a-z2-9]{4}(?:-[a-z2-9]{4}){5}/g) ?? [];
  t.is(new Set(shown).size, 10);
  const status = await person.json('2fa');
  t.like(status, { on: true, above: null, recoveryCodesLeft: 10 });
  t.false(JSON.stringify(status).includes(shown[0] ?? ''));
});

test('in a terminal too narrow or too low for the picture the secret is shown alone', async (t) => {
  const person = await newPerson(t);
  for (const [columns, rows] of [
    [40, usualRows],
    [80, usualRows - 1],
  ] as const) {
    const run = runInTerminal(['2fa', 'on'], person.environment, columns, payProgram, rows);
    await run.sees('Password:');
    run.type(password + enter);
    await run.sees('Type this secret');
    await run.sees('The code that');
    t.false(run.text().includes('█'), `${columns} × ${rows}`);
    run.type(controlC);
    t.is(await run.ended, 130);
  }
  t.like(await person.json('2fa', 'status'), { on: false });
});

test('without a terminal a code is given with --code, or the command says so and ends with 5', async (t) => {
  const [person, other] = [await guarded(t), await newPerson(t)];
  const { username } = (await other.json('whoami')) as { username: string };
  const send = ['send', username, '10', '--yes'];
  const refused = await person.pay(...send);
  t.is(refused.status, 5, refused.stderr);
  t.regex(refused.stderr, /More than 5\.00 GBP takes a code of your second factor\. Nothing was done\./);
  t.regex(refused.stderr, /--code 123456/);
  t.deepEqual(await pendingOf(person), [], 'what was refused for the code was surely not done');
  const wrong = await person.pay(...send, '--code', wrongCode(person.secret));
  t.is(wrong.status, 5);
  t.regex(wrong.stderr, /The code is wrong/);
  t.is(await balanceOf(person), '1000.00');
  const code = person.nextCode();
  t.is((await person.pay(...send, '--key', 'rent', '--code', code)).status, 0);
  t.is((await person.pay(...send, '--key', 'rent')).status, 0, 'a replay needs none');
  const again = ['send', username, '11', '--yes', '--code', code];
  t.is((await person.pay(...again)).status, 5, 'a code works once');
  t.is(await balanceOf(person), '990.00');
  t.deepEqual(await pendingOf(person), []);
});

test('logging in asks for the code, in a terminal and without one', async (t) => {
  const person = await guarded(t);
  const { username } = (await person.json('whoami')) as { username: string };
  const words = ['login', username, '--password-stdin'];
  const refused = await runPayInside(words, person.environment, `${password}\n`);
  t.is(refused.status, 5, refused.stderr);
  t.regex(refused.stderr, /--code 123456/);
  const run = await runPayInside(
    [...words, '--code', person.nextCode()],
    person.environment,
    `${password}\n`,
  );
  t.is(run.status, 0, run.stderr);
  const asked = runInTerminal(['login', username], person.environment);
  await asked.sees('Password:');
  asked.type(password + enter);
  await asked.sees('Code of your second factor:');
  asked.type(`12${enter}`);
  await asked.sees('neither the six digits');
  asked.type(`\b\b${wrongCode(person.secret)}${enter}`);
  await asked.sees('The code is wrong');
  await asked.sees('Code of your second factor:');
  asked.type(appCode(person.secret, currentStep() + 1) + enter);
  await asked.sees('Logged in as');
  t.is(await asked.ended, 0);
});

test('in a terminal a payment asks for the code and goes again under the same key', async (t) => {
  const [person, other] = [await guarded(t), await newPerson(t)];
  const { username } = (await other.json('whoami')) as { username: string };
  const run = runInTerminal(['send', username, '10', '--debug'], person.environment);
  await run.sees('Pay person-');
  run.type(`y${enter}`);
  await run.sees('Code of your second factor:');
  run.type(person.nextCode() + enter);
  await run.sees('Paid 10.00 GBP');
  t.is(await run.ended, 0);
  const keys = run.text().match(/pay-[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? [];
  t.is(new Set(keys).size, 1, run.text());
  t.is(await balanceOf(person), '990.00');
});

test('whoever is asked for a code and interrupts has paid nothing, and nothing is left to settle', async (t) => {
  const [person, other] = [await guarded(t), await newPerson(t)];
  const { username } = (await other.json('whoami')) as { username: string };
  const run = runInTerminal(['send', username, '10', '--yes'], person.environment);
  await run.sees('Code of your second factor:');
  run.type(controlC);
  t.is(await run.ended, 130);
  t.deepEqual(await pendingOf(person), []);
  t.is(await balanceOf(person), '1000.00');
});

test('requests, refunds, files of payments and the shell take codes, too', async (t) => {
  const [person, other] = [await guarded(t), await newPerson(t)];
  const { username } = (await other.json('whoami')) as { username: string };
  const own = ((await person.json('whoami')) as { username: string }).username;
  const { id } = (await other.json('request', own, '6')) as { id: string };
  t.is((await person.pay('requests', 'accept', id, '--yes')).status, 5);
  t.is((await person.pay('requests', 'accept', id, '--yes', '--code', person.nextCode())).status, 0);
  const received = (await other.json('send', own, '7', '--yes')) as { id: string };
  t.is((await person.pay('refund', received.id, '--yes')).status, 5);
  t.is((await person.pay('refund', received.id, '--yes', '--code', person.nextCode())).status, 0);
  const file = join(person.folder, 'payouts.csv');
  await writeFile(file, `to,amount,currency,memo\n${username},3,GBP,a\n${username},4,GBP,b\n`);
  t.is((await person.pay('send', '--file', file, '--yes')).status, 5);
  const paid = await person.pay('send', '--file', file, '--yes', '--code', person.nextCode());
  t.is(paid.status, 0, paid.stderr);
  const line = `send ${username} 8 --yes --code ${person.nextCode()}\n2fa off --code ${person.nextCode()}\n`;
  const shell = await runPayInside(['shell'], person.environment, line);
  t.is(shell.status, 0, shell.stderr);
  t.is(await balanceOf(person), '979.00');
  t.like(await person.json('2fa'), { on: false });
});

test('what there is no second factor for, or one already, is refused in our words with the command that helps', async (t) => {
  const person = await newPerson(t);
  for (const words of [
    ['2fa', 'off', '--code', '123456'],
    ['2fa', 'above', '5'],
    ['2fa', 'confirm', '--code', '123456'],
  ]) {
    const { status, stderr } = await person.pay(...words);
    t.is(status, 3, words.join(' '));
    t.regex(stderr, /\n {2}→ See: pay 2fa on\n$/, words.join(' '));
    t.notRegex(stderr, /\/v1\//, words.join(' '));
  }
  const { environment } = await guarded(t);
  const again = await runPayInside(['2fa', 'on', '--password-stdin'], environment, `${password}\n`);
  t.is(again.status, 1);
  t.regex(again.stderr, /is on already\..*\n {2}→ See: pay 2fa off\n$/);
  t.notRegex(again.stderr, /\/v1\//);
});
