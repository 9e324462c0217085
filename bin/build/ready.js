import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { filesBelow, productFolders, root, sourceFolders } from './sources.js';

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

/** Ends with what to do where this user cannot write what is to be made in the checkout. */
function refuseUnwritable(what) {
  try {
    accessSync(root, constants.W_OK);
  } catch (error) {
    process.stderr.write(
      `pay: ${what}, and this user cannot write ${root} (${error.code}).\nRun there once, as a user who can: npm ci\n`,
    );
    process.exit(1);
  }
}

const product = ['dependencies'];
const everything = ['dependencies', 'devDependencies'];

/** Whether the packages of these parts of package.json are there, which an installation may have left out. */
export function hasPackages(parts) {
  const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = parts.flatMap((part) => Object.keys(description[part]));
  return names.every((name) => existsSync(join(root, 'node_modules', name)));
}

/** The packages of a lock file by their places; none where there is no such file. */
function lockedIn(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/** Whether npm has noted in node_modules the packages of the lock file; what is optional may not be for this machine. */
function isAsLocked(parts) {
  const installed = lockedIn('node_modules/.package-lock.json');
  const { '': _itself, ...locked } = lockedIn('package-lock.json');
  const isNeeded = ({ dev, optional, devOptional, peer }) =>
    !optional && !devOptional && !peer && (!dev || parts.includes('devDependencies'));
  return Object.entries(locked).every(([place, one]) => {
    const there = installed[place];
    return there ? there.version === one.version && there.integrity === one.integrity : !isNeeded(one);
  });
}

/**
 * Whether node_modules is as the lock file says, and holds these parts of it. A lock file that is newer, as in a copy or after
 * another branch, may be the same: npm would begin by removing all that is there, and without a network that is the end of it.
 */
const isInstalled = (parts) =>
  (changed('node_modules/.package-lock.json') >= changed('package-lock.json') || isAsLocked(parts)) &&
  hasPackages(parts);

/** The packages whose install script is needed, since it compiles, and what it leaves behind. */
const compiled = { sqlite3: 'build/Release/node_sqlite3.node', 'node-pty': 'build/Release/pty.node' };

/** Ends with what to do where a package was installed without its script, as npm can be told to (`ignore-scripts`). */
function refuseUncompiled() {
  const lacking = Object.keys(compiled).filter((name) => {
    const folder = join(root, 'node_modules', name);
    return process.platform !== 'win32' && existsSync(folder) && !existsSync(join(folder, compiled[name]));
  });
  if (lacking.length > 0) {
    const names = lacking.join(' ');
    process.stderr.write(
      `pay: without its install script, ${lacking.join(' and ')} cannot be used; npm was told to run none (ignore-scripts).\n` +
        `Look at what it does (scripts.install in node_modules/${lacking[0]}/package.json), then run it alone, in ${root}:\n\n` +
        `    npm rebuild --ignore-scripts=false ${names}\n`,
    );
    process.exit(1);
  }
}

/** Installs these parts of package.json from the lock file where one is missing, with or without install scripts as npm is set. */
export function installPackages(parts) {
  if (!isInstalled(parts)) {
    refuseUnwritable('what it needs is to be installed first');
    process.stderr.write('pay: installing what it needs, once; this can take some minutes …\n');
    const development = parts.includes('devDependencies') ? ['--include=dev'] : [];
    run('npm', ['ci', '--no-audit', '--no-fund', ...development]);
  }
  refuseUncompiled();
}

/** Builds where what is built is missing or older than what it comes from. */
function buildStale(folders) {
  const built = changed('dist/.built');
  const sources = [...filesBelow([...folders, 'bin/build']), 'package-lock.json'];
  const isPart = folders.includes('test') && !existsSync(join(root, 'dist/test'));
  if (isPart || sources.some((file) => changed(file) > built)) {
    refuseUnwritable('it is to be built first');
    process.stderr.write('pay: building …\n');
    run(process.execPath, [join(root, 'bin/build/build.js')]);
  }
}

/** Makes a checkout ready to run. */
export function makeReady() {
  installPackages(product);
  buildStale(productFolders);
}

/** Makes a checkout ready to develop. */
export function makeReadyToDevelop() {
  installPackages(everything);
  buildStale(sourceFolders);
}

if (import.meta.filename === process.argv[1]) {
  const { values } = parseArgs({ options: { packages: { type: 'boolean' } } });
  if (values.packages) {
    installPackages(everything);
  } else {
    makeReadyToDevelop();
  }
}
