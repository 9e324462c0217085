import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';

/** What some tests cannot do without and not every machine has. */
export interface Need {
  /** Completes "skipped, for want of …". */
  readonly what: string;
  readonly isThere: () => boolean;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const succeeds = (program: string, words: readonly string[]) => spawnSync(program, words).status === 0;

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'pay-mount-'));
  try {
    return succeeds('mount', ['-t', 'tmpfs', 'tmpfs', folder]) && succeeds('umount', ['--lazy', folder]);
  } finally {
    rmdirSync(folder);
  }
}

/** A program in the PATH. */
export function needsProgram(name: string): Need {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return { what: name, isThere: () => folders.some((folder) => isExecutable(join(folder, name))) };
}

/** An address of this machine that is not loopback. */
export const outerAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

/** Python of the system, which Debian's python3-thrift is for. */
export const python = '/usr/bin/python3';

export const needsOuterAddress: Need = {
  what: 'an address that is not loopback',
  isThere: () => outerAddress !== undefined,
};
export const needsMount: Need = { what: 'the right to mount a disk', isThere: canMount };
export const needsThreadPriorities: Need = {
  what: 'a priority for each thread',
  isThere: () => existsSync('/proc/thread-self'),
};
export const needsThreadTimes: Need = {
  what: 'the processor time of each thread',
  isThere: () => existsSync('/proc/self/task') && existsSync('/proc/self/schedstat'),
};
/** Whatever is made in it, the system answers that there is no such file, although the folder is there. */
export const needsProc: Need = { what: '/proc', isThere: () => existsSync('/proc/self') };
export const needsFullDevice: Need = { what: '/dev/full', isThere: () => existsSync('/dev/full') };
export const needsPythonThrift: Need = {
  what: `Thrift for ${python}`,
  isThere: () => succeeds(python, ['-c', 'import thrift']),
};

type Run<Context> = (t: ExecutionContext<Context>) => void | Promise<void>;

/**
 * `test` for what needs something of the machine. Where that is missing the test is skipped, with the reason in its title, and
 * ava counts it; with PAY_SKIPS=fail, as in .ci/run, it fails.
 */
export function testWith<Context = unknown>(
  ...needs: readonly Need[]
): (title: string, run: Run<Context>) => void {
  const test = anyTest as TestFn<Context>;
  const missing = needs.filter(({ isThere }) => !isThere()).map(({ what }) => what);
  if (missing.length === 0) {
    return test;
  }
  const reason = `for want of ${missing.join(' and ')}`;
  return process.env.PAY_SKIPS === 'fail'
    ? (title) => test(title, (t) => t.fail(`not run, ${reason}`))
    : (title, run) => test.skip(`${title} (skipped, ${reason})`, run);
}
