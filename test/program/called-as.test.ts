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

test('pay-server names commands as it was called itself, and the command line beside it', async (t) => {
  const folder = await makeFolder();
  const env = { ...plainEnvironment(folder), PATH: path };
  const run = (program: string, ...words: string[]) =>
    execa(program, words, { env, extendEnv: false, cwd: root, reject: false, input: 'maple-7-otter\n' });
  const here = ['--data', join(folder, 'data'), '--time-port', '0'];
  const person = ['--username', 'root', '--email', 'root@example.org', '--password-stdin'];
  const made = await run('bin/pay-server', 'admin', 'create', ...here, ...person);
  t.regex(made.stdout, / Log in: bin\/pay login root$/);
  const once = await run(
    'bin/pay-server',
    ...[
      'admin',
      'create',
      ...here,
      '--username',
      'second',
      '--email',
      'b@example.org',
      '--one-time-password',
    ],
  );
  t.regex(once.stderr, / Log in: bin\/pay login second$/);
  const doctor = await run('bin/pay-server', 'doctor', '--data', join(folder, 'data'));
  t.deepEqual(
    doctor.stdout.split('\n').filter((line) => line.length > 80),
    [],
  );
  t.regex(doctor.stdout, /[ (]bin\/pay-server backup/);
  t.notRegex(doctor.stdout, /[ (]pay-server (?:backup|check|start)\b/);
  const file = join(folder, 'data/pay.db');
  const refused = await run('bin/pay-server', 'restore', 'x', '--database-url', 'postgres://127.0.0.1/pay');
  t.regex(refused.stderr, /^pay-server: .*check them with bin\/pay-server check before/);
  const help = await run('bin/pay-server', 'check', '--help');
  t.regex(help.stdout, /^Usage: bin\/pay-server check /);
  t.regex((await run('bin/pay-server', 'check', '--database-url', file)).stdout, /balanced|right/i);
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
  t.regex(known.stdout, /^Usage: bin\/pay-server check /);
});
