// CommonJS, because Node is up sooner without its loader of modules.
'use strict';
const { readFileSync } = require('node:fs');
const { createRequire, Module } = require('node:module');
const { delimiter, dirname, join, relative } = require('node:path');
const { Script } = require('node:vm');

const folder = join(__dirname, '../dist/bundle');

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** The function that a bundle is, with what V8 made of it when it was built. V8 refuses what another version of it has made. */
function compile(bundle) {
  const source = readFileSync(bundle, 'utf8');
  if (process.sourceMapsEnabled) {
    // Node looks for the source map of what it compiles as a module only.
    const module = new Module(bundle);
    module._compile(`module.exports = ${source}`, bundle);
    return module.exports;
  }
  const script = new Script(source, {
    filename: bundle,
    cachedData: readIfThere(`${bundle}.code`),
  });
  return script.runInThisContext();
}

/** The exports of the bundle of this name. */
function loadBundle(name) {
  const bundle = join(folder, `${name}.cjs`);
  const module = { exports: {} };
  compile(bundle)(module, createRequire(bundle), bundle);
  return module.exports;
}

async function loadOrBuild(name) {
  try {
    return loadBundle(name);
  } catch (error) {
    if (error.code !== 'ENOENT') {
      throw error;
    }
    if (process.argv[2] === 'complete') {
      // Nobody who presses Tab waits for an installation, and the first build asks for completions itself.
      process.exit(1);
    }
    // A checkout that was not built yet.
    const { makeReady } = await import('./build/ready.js');
    makeReady();
    return loadBundle(name);
  }
}

function workingFolder() {
  try {
    return process.cwd();
  } catch {
    // The working folder is gone meanwhile.
    return '/';
  }
}

/** The way this process's program is typed here: by its name where the PATH leads to it, else by the shortest way to it. */
function calledAs(name) {
  const program = process.argv[1];
  if (process.platform === 'win32' || (process.env.PATH ?? '').split(delimiter).includes(dirname(program))) {
    return name;
  }
  const way = relative(workingFolder(), program);
  const shortest = way.startsWith('..') ? program : way;
  const typed = shortest.includes('/') ? shortest : `./${shortest}`;
  return /^[\w@%+=:,./-]+$/.test(typed) ? typed : `'${typed.replaceAll("'", "'\\''")}'`;
}

/** A reader that left is no failure; any other is told, and is as when nothing happened (pay: 6). */
function notWritten(name, code, message) {
  if (code !== 'EPIPE') {
    process.stderr.write(`${name}: the version cannot be written: ${message}\n`);
    process.exitCode = name === 'pay' ? 6 : 1;
  }
}

/** How far, of twenty steps, a command that works beside a server is put back before it is loaded: that alone kept the server waiting. It goes further by itself. */
const stepsBack = { 'pay-server backup': 5 };

function stepBackFor(name, word) {
  const steps = stepsBack[`${name} ${word}`];
  if (steps !== undefined) {
    const { getPriority, setPriority } = require('node:os');
    try {
      setPriority(Math.min(19, getPriority() + steps));
    } catch {
      // The system has no such priorities.
    }
  }
}

/** Ends with what to do where the binary part of SQLite is missing, as after an installation without scripts, or another machine's. */
function refuseWithoutBinary(name, { message, code, tries }) {
  // What looks for binaries says where it has looked.
  if (code === 'ERR_DLOPEN_FAILED' || Array.isArray(tries)) {
    const [what] = message.split('\n');
    process.stderr.write(
      `${name}: the binary part of a package that it needs cannot be loaded (${what.replace(/\. Tried:$/, '')}).\n` +
        `Have npm make it for this machine, in ${join(__dirname, '..')}:\n\n` +
        '    npm rebuild --ignore-scripts=false sqlite3\n',
    );
    process.exit(1);
  }
}

/** Runs a program of the package with what this process was given. */
function runProgram(name) {
  const [word, ...others] = process.argv.slice(2);
  if (others.length === 0 && (word === '--version' || word === '-V')) {
    // The version is what machines ask most often, and needs nothing of the rest.
    process.stdout.on('error', ({ code, message }) => notWritten(name, code, message));
    process.stdout.write(`${require('../package.json').version}\n`);
  } else {
    stepBackFor(name, word);
    void loadOrBuild(name)
      .then(({ runProcess }) => runProcess(process, calledAs(name)))
      .catch((error) => {
        refuseWithoutBinary(name, error);
        throw error;
      });
  }
}

module.exports = { loadBundle, runProgram };
