import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import chalk from 'chalk';
import { spawn as spawnInTerminal } from 'node-pty';
import { startPayServer } from '../support/server-process.js';

// A story on a throw-away database, everything real: the server, the ledger, the timestamp service, the command line.

const root = join(import.meta.dirname, '../../..');
const { stdout } = process;
const password = 'maple-7-otter';

const tell = (text: string) => stdout.write(`${text}\n`);

interface Stage {
  readonly url: string;
  readonly fingerprint: string;
  readonly configFolder: string;
}

/** Runs a command line in a terminal of its own and copies what it prints. Throws when it fails. */
function run(commandLine: string, { url, configFolder }: Stage): Promise<void> {
  const terminal = spawnInTerminal('/bin/sh', ['-c', commandLine], {
    cols: stdout.columns ?? 100,
    rows: stdout.rows ?? 30,
    env: {
      ...process.env,
      PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}`,
      PAY_SERVER: url,
      PAY_CONFIG_DIR: configFolder,
      PAY_KEYCHAIN: 'off',
      ...(!stdout.isTTY && { NO_COLOR: '1' }),
    },
  });
  terminal.onData((text) =>
    stdout.write(stdout.isTTY ? text : stripVTControlCharacters(text).replaceAll('\r', '')),
  );
  return new Promise((resolve, reject) => {
    terminal.onExit(({ exitCode }) =>
      exitCode === 0 ? resolve() : reject(new Error(`${commandLine}: exit status ${exitCode}`)),
    );
  });
}

async function type(commandLine: string, stage: Stage): Promise<void> {
  tell(`\n${chalk.dim('$')} ${chalk.bold(commandLine)}`);
  await run(commandLine, stage);
}

async function play(stage: Stage): Promise<void> {
  const register = (name: string, currency: string) =>
    `echo ${password} | pay register --profile ${name} --username ${name} --email ${name}@example.org ` +
    `--currency ${currency} --password-stdin`;

  tell(chalk.dim('\nAlice registers with pounds, Bob with dollars. Each is given some to begin with.'));
  await type(`${register('alice', 'GBP')} --fingerprint ${stage.fingerprint}`, stage);
  await type(register('bob', 'USD'), stage);

  tell(chalk.dim('\nAlice pays Bob ten pounds. He receives dollars.'));
  await type('pay send --profile alice bob 10 --memo lunch --yes', stage);

  tell(chalk.dim('\nBoth look back.'));
  await type('pay history --profile alice', stage);
  await type('pay history --profile bob', stage);
  await type('pay balance --profile bob', stage);
}

const folder = await mkdtemp(join(tmpdir(), 'pay-demo-'));
try {
  tell(chalk.dim('Starting a server on a throw-away database …'));
  const server = await startPayServer({ dataDir: join(folder, 'data') });
  tell(`${chalk.dim('$')} ${chalk.bold('pay-server start')}\n${server.readyLine}`);
  try {
    await play({ url: server.url, fingerprint: server.fingerprint, configFolder: join(folder, 'config') });
  } finally {
    await server.stop();
  }
  tell(chalk.dim('\nThat was all of it. Run your own with npm start.'));
} finally {
  await rm(folder, { recursive: true, force: true });
}
