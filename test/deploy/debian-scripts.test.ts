import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { exists } from '../../db/files/data-folder.js';

const scripts = join(import.meta.dirname, '../../../deploy/debian');

/**
 * What the scripts of the Debian package call, as on a machine where the server runs: each call is written down, and one that is in
 * $FAILS fails. A unit is what was last done to it.
 */
const stub = `#!/bin/sh
name=$(basename "$0")
echo "$name $*" >> "$CALLS"
case "$name $*" in
  'systemctl --quiet is-active '*) [ "$(cat "$UNITS/$3")" = start ]; exit ;;
  'systemctl start '* | 'systemctl stop '*) echo "$1" > "$UNITS/$2" ;;
esac
for failing in $FAILS; do
  case "$name $*" in *"$failing"*) echo "it is $failing that fails" >&2; exit 1 ;; esac
done
`;

interface Machine {
  /** Runs a script with the words of dpkg, while calls that hold one of these words fail. */
  run(
    script: string,
    words: readonly string[],
    fails?: string,
  ): Promise<{ readonly exitCode: number | undefined; readonly all: string; readonly calls: string }>;
  readonly isActive: (unit: string) => Promise<boolean>;
}

/** A machine as the scripts see it, below a folder: theirs are its paths and its programs, and nothing else is touched. */
async function makeMachine(t: ExecutionContext, server: 'start' | 'stop' = 'start'): Promise<Machine> {
  const root = await mkdtemp(join(tmpdir(), 'pay-debian-'));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const below = (path: string) => join(root, path);
  for (const folder of ['bin', 'units', 'run/systemd/system', 'var/lib/pay', 'etc/pay', 'scripts']) {
    await mkdir(below(folder), { recursive: true });
  }
  for (const name of ['systemctl', 'systemd-run', 'journalctl', 'getent', 'install', 'chgrp']) {
    await writeFile(below(`bin/${name}`), stub);
    await chmod(below(`bin/${name}`), 0o755);
  }
  for (const script of ['preinst', 'postinst']) {
    const text = await readFile(join(scripts, script), 'utf8');
    await writeFile(
      below(`scripts/${script}`),
      text.replaceAll(/(?<=[\s"'=-])\/(?=run|var|etc)/g, `${root}/`),
    );
  }
  await writeFile(below('var/lib/pay/pay.db'), '');
  await writeFile(below('var/lib/pay/tls.key'), '');
  await writeFile(below('units/pay-server'), `${server}\n`);
  await writeFile(below('units/pay-time'), 'stop\n');
  return {
    async run(script, words, fails = '') {
      await rm(below('calls'), { force: true });
      const { exitCode, all } = await execa('/bin/sh', [below(`scripts/${script}`), ...words], {
        all: true,
        reject: false,
        env: {
          PATH: `${below('bin')}:${process.env.PATH}`,
          CALLS: below('calls'),
          UNITS: below('units'),
          FAILS: fails,
        },
      });
      const calls = (await exists(below('calls'))) ? await readFile(below('calls'), 'utf8') : '';
      return { exitCode, all, calls };
    },
    isActive: async (unit) => (await readFile(below(`units/${unit}`), 'utf8')) === 'start\n',
  };
}

test('an upgrade makes a backup, stops the server, brings the books up to date and starts it, in that order', async (t) => {
  const machine = await makeMachine(t);
  const before = await machine.run('preinst', ['upgrade', '0.1.0', '0.2.0']);
  t.is(before.exitCode, 0, before.all);
  t.regex(before.calls, /systemctl start pay-backup\n.*systemctl stop pay-server\n/s);
  t.false(await machine.isActive('pay-server'));
  const after = await machine.run('postinst', ['configure', '0.1.0']);
  t.is(after.exitCode, 0, after.all);
  t.regex(after.calls, /systemd-run .*pay-server upgrade\n.*systemctl start pay-server\n/s);
  t.false(after.calls.includes('start pay-time'), 'what did not run is not started');
  t.true(await machine.isActive('pay-server'));
});

test('where no good backup can be had nothing is stopped, and it is said', async (t) => {
  const machine = await makeMachine(t);
  const { exitCode, all } = await machine.run('preinst', ['upgrade', '0.1.0', '0.2.0'], 'pay-backup');
  t.is(exitCode, 1);
  t.regex(all, /nothing is upgraded and the version before goes on/);
  t.true(await machine.isActive('pay-server'));
});

test('a version whose successor could not be unpacked is started again', async (t) => {
  const machine = await makeMachine(t);
  await machine.run('preinst', ['upgrade', '0.1.0', '0.2.0']);
  const { exitCode, calls } = await machine.run('postinst', ['abort-upgrade', '0.2.0']);
  t.is(exitCode, 0);
  t.false(calls.includes('systemd-run'), 'its books are as it knows them');
  t.true(await machine.isActive('pay-server'));
});

test('books that cannot be brought up to date get no server until a repetition brings them', async (t) => {
  const machine = await makeMachine(t);
  await machine.run('preinst', ['upgrade', '0.1.0', '0.2.0']);
  const failed = await machine.run('postinst', ['configure', '0.1.0'], 'systemd-run');
  t.is(failed.exitCode, 1);
  t.regex(failed.all, /pay-server is not started.* then: sudo dpkg --configure pay$/m);
  t.false(await machine.isActive('pay-server'));
  const again = await machine.run('postinst', ['configure', '0.1.0']);
  t.is(again.exitCode, 0, again.all);
  t.true(await machine.isActive('pay-server'));
});

test('a server that was stopped by hand stays so, and it is said that its books have none', async (t) => {
  const machine = await makeMachine(t, 'stop');
  const before = await machine.run('preinst', ['upgrade', '0.1.0', '0.2.0']);
  const after = await machine.run('postinst', ['configure', '0.1.0']);
  t.deepEqual([before.exitCode, after.exitCode], [0, 0]);
  t.false(`${before.calls}${after.calls}`.includes('systemctl start'));
  t.regex(after.all, /have no server now\. To start it, .*\n.*systemctl enable --now pay-server/);
});
