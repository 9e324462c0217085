import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { filesBelow, root, sourceFolders } from './sources.js';

const changed = (file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

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

/** Whether node_modules is as the lock file says and holds these parts of it, which an installation may have left out. */
function isInstalled(parts) {
  const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = parts.flatMap((part) => Object.keys(description[part]));
  return (
    changed('node_modules/.package-lock.json') >= changed('package-lock.json') &&
    names.every((name) => existsSync(join(root, 'node_modules', name)))
  );
}

/** Installs from the lock file, also what only development needs and whatever the environment says, where a part is missing. */
export function installPackages(parts) {
  if (!isInstalled(parts)) {
    process.stderr.write('pay: installing what it needs, once; this can take some minutes …\n');
    run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts=false', '--include=dev']);
  }
}

/** Builds where what is built is missing or older than what it comes from. */
export function buildStale() {
  const built = changed('dist/.built');
  const sources = [...filesBelow([...sourceFolders, 'bin/build']), 'package-lock.json'];
  if (sources.some((file) => changed(file) > built)) {
    process.stderr.write('pay: building …\n');
    run(process.execPath, [join(root, 'bin/build/build.js')]);
  }
}

/** All that running takes. */
export function makeReady() {
  installPackages(['dependencies']);
  buildStale();
}

/** All that developing takes. */
export function makeReadyToDevelop() {
  installPackages(['dependencies', 'devDependencies']);
  buildStale();
}

if (import.meta.filename === process.argv[1]) {
  const { values } = parseArgs({ options: { packages: { type: 'boolean' } } });
  if (values.packages) {
    installPackages(['dependencies', 'devDependencies']);
  } else {
    makeReadyToDevelop();
  }
}
