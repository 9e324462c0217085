import { mkdir, realpath, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { makeFolder, payProgram, plainEnvironment, root } from '../cli/support/run-pay.js';

/** What is hinted at after a mistyped command, when the program is called in this way. */
async function hint(program: string, cwd: string, path: string): Promise<string> {
  const env = { ...plainEnvironment(await makeFolder()), PATH: path };
  const { stderr } = await execa(program, ['histroy'], { env, extendEnv: false, cwd, reject: false });
  return /See: (.*)$/m.exec(stderr)?.[1] ?? stderr;
}

const path = process.env.PATH ?? '';

test('hints call the program as it was called, and by its name where the PATH leads to it', async (t) => {
  const folder = await realpath(await makeFolder());
  const odd = join(folder, "it's here");
  await mkdir(odd);
  await symlink(payProgram, join(odd, 'pay'));
  t.is(await hint('bin/pay', root, path), 'bin/pay --help');
  t.is(await hint('./pay', join(root, 'bin'), path), './pay --help');
  t.is(await hint(payProgram, folder, path), `${payProgram} --help`);
  t.is(await hint('pay', folder, [join(root, 'bin'), path].join(delimiter)), 'pay --help');
  const quoted = await hint(join(odd, 'pay'), root, path);
  const typed = await execa('sh', ['-c', quoted], { env: plainEnvironment(folder), extendEnv: false });
  t.regex(typed.stdout, /^Pay people/, quoted);
});

test('pay-server says that a command is unknown, also where help with it is asked for', async (t) => {
  const env = { ...plainEnvironment(await makeFolder()), PATH: path };
  for (const words of [['strat'], ['help', 'strat'], ['strat', '--help'], ['strat', '--data', 'x']]) {
    const run = await execa('bin/pay-server', words, { env, extendEnv: false, cwd: root, reject: false });
    t.is(run.exitCode, 2, words.join(' '));
    t.regex(run.stderr, /^error: unknown command 'strat'\n\(Did you mean start\?\)$/);
    t.is(run.stdout, '');
  }
  const known = await execa('bin/pay-server', ['help', 'check'], { env, extendEnv: false, cwd: root });
  t.regex(known.stdout, /^Usage: pay-server check /);
});
