import { access, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { spawn } from 'node-pty';
import { payServer } from '../db/support/processes.js';
import { startPayServer } from '../support/server-process.js';
import { until } from '../support/until.js';

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-rates-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

const reload = (data: string) => execa(payServer, ['rates', 'reload', '--data', data], { reject: false });

/** A server in a terminal of its own, once it is ready. */
async function startInTerminal(t: ExecutionContext, data: string) {
  const args = [payServer, 'start', '--data', data, '--port', '0', '--time-port', '0'];
  const terminal = spawn(process.execPath, args, { cols: 200 });
  let said = '';
  terminal.onData((text) => {
    said += text;
  });
  const ended = new Promise<number | undefined>((resolve) => {
    terminal.onExit(({ signal }) => resolve(signal));
  });
  t.teardown(() => terminal.kill('SIGKILL'));
  await until('a server that is ready', () => said.includes('pay-server ready '));
  return { terminal, ended, said: () => said };
}

test('where no server runs nobody is told, whatever an earlier one has left', async (t) => {
  const data = await makeFolder(t);
  t.regex((await reload(data)).stderr, /No pay-server is running on .*pay\.db\. The currencies and rates/);
  await writeFile(join(data, 'pay.db.running'), JSON.stringify({ pid: process.pid, reloads: 0, last: null }));
  const { exitCode, stderr } = await reload(data);
  t.is(exitCode, 1);
  t.regex(stderr, /No pay-server is running/);
});

test('a SIGHUP in a terminal that is there is no end; when the terminal goes the server ends in order', async (t) => {
  const data = await makeFolder(t);
  const { terminal, ended, said } = await startInTerminal(t, data);
  const { pid } = JSON.parse(await readFile(join(data, 'pay.db.running'), 'utf8'));
  t.is(pid, terminal.pid);
  t.is((await reload(data)).exitCode, 0);
  await until('rates that were read again', () => said().includes('were read again'));
  // node-pty closes its end of the terminal so, although its types do not tell, and sends a second SIGHUP, as a shell does.
  (terminal as typeof terminal & { destroy(): void }).destroy();
  t.is(await ended, constants.signals.SIGHUP);
  t.false(await isThere(join(data, 'pay.db.running')));
  t.false(await isThere(join(data, 'pay.db-wal')));
});

test('a SIGHUP while the server starts is no end, and has the file read again once it is up', async (t) => {
  const data = await makeFolder(t);
  const [file, edited] = [join(data, 'club.toml'), join(data, 'edited.toml')];
  const text = 'ratesAsOf = "2026-11-20"\n[currencies]\nGBP = {}\n';
  await execa('mkfifo', [file]);
  const flags = ['--currencies', file, '--port', '0', '--time-port', '0'];
  const server = execa(payServer, ['start', '--data', join(data, 'books'), ...flags], { reject: false });
  t.teardown(() => server.kill('SIGKILL'));
  // It can be opened for writing once the server has opened it, and waits for what it says.
  const writing = await open(file, 'w');
  server.kill('SIGHUP');
  await writeFile(edited, `${text}EUR = { rate = "1.2" }\n`);
  await rename(edited, file);
  await writing.writeFile(text);
  await writing.close();
  let said = '';
  server.stderr.on('data', (part) => {
    said += part;
  });
  await until('rates that were read again', () => said.includes('were read again'));
  server.kill('SIGTERM');
  t.is((await server).exitCode, 0, said);
});

test('rates that are old are named in the log of the start', async (t) => {
  const server = await startPayServer();
  t.teardown(() => server.stop());
  t.regex(server.stderr(), /the rates are \d+ days old/);
});

test('a file that is wrong stops the start with line and reason, as does an opening credit that cannot be', async (t) => {
  const file = join(await makeFolder(t), 'club.toml');
  const start = (...flags: readonly string[]) =>
    execa(payServer, ['start', '--data', join(file, '../data'), '--currencies', file, ...flags], {
      reject: false,
    });
  await writeFile(file, 'ratesAsOf = "2026-11-20"\n[currencies]\nEUR = { rate = 1.2 }\n');
  const wrong = await start();
  t.is(wrong.exitCode, 2);
  t.regex(wrong.stderr, /club\.toml, line 3: currencies\.EUR\.rate: a rate is text/);
  await writeFile(file, 'ratesAsOf = "2026-11-20"\n[currencies]\nEUR = { rate = "1.2" }\n');
  const credit = await start();
  t.is(credit.exitCode, 2);
  t.regex(credit.stderr, /--opening-credit.*1000\.00 GBP.*GBP is none of the currencies/);
  t.regex((await start('--opening-credit', '1.234 EUR')).stderr, /--opening-credit/);
});
