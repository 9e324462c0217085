import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, sourceFiles } from './sources.js';

const changed = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

function run(command, args) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    process.exit(done.status ?? 1);
  }
}

/** Installs from the lock file and builds, each only where it is missing or older than what it comes from. */
export function makeReady() {
  if (changed(join(root, 'node_modules/.package-lock.json')) < changed(join(root, 'package-lock.json'))) {
    process.stderr.write('pay: installing what it needs, once; this can take some minutes …\n');
    run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts=false']);
  }
  const built = changed(join(root, 'dist/.built'));
  const sources = [
    ...sourceFiles(),
    join(root, 'bin/build.js'),
    join(root, 'bin/bundle-server.js'),
    join(root, 'package-lock.json'),
  ];
  if (sources.some((file) => changed(file) > built)) {
    process.stderr.write('pay: building …\n');
    run(process.execPath, [join(root, 'bin/build.js')]);
  }
}

if (import.meta.filename === process.argv[1]) {
  makeReady();
}
