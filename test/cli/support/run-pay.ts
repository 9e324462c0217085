import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export const root = join(import.meta.dirname, '../../../..');
export const payProgram = join(root, 'bin/pay');

export interface Run {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export type Environment = Readonly<Record<string, string>>;

/** The environment of a command here: nothing of the person who runs the tests. */
export function plainEnvironment(configFolder: string, more: Environment = {}): Record<string, string> {
  return {
    // Where `pay` is on the PATH, hints call it so.
    PATH: [join(root, 'bin'), process.env.PATH].join(delimiter),
    PAY_CONFIG_DIR: configFolder,
    PAY_KEYCHAIN: 'off',
    LANG: 'en_GB.UTF-8',
    TZ: 'UTC',
    ...more,
  };
}

/** Runs bin/pay as a process without a terminal. */
export async function runPay(
  words: readonly string[],
  environment: Record<string, string>,
  input = '',
): Promise<Run> {
  // Loaded where it is needed: many test files run their commands inside.
  const { execa } = await import('execa');
  const { exitCode, stdout, stderr } = await execa(process.execPath, [payProgram, ...words], {
    env: environment,
    extendEnv: false,
    input,
    reject: false,
    stripFinalNewline: false,
  });
  return { status: exitCode, stdout, stderr };
}

const made: string[] = [];

/** A folder that is gone when the tests of this file are over. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-cli-'));
  if (made.push(folder) === 1) {
    process.once('exit', () => {
      for (const one of made) {
        rmSync(one, { recursive: true, force: true });
      }
    });
  }
  return folder;
}
