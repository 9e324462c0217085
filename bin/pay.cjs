#!/usr/bin/env node
// CommonJS, because Node is up sooner without its loader of modules.
'use strict';
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const bundle = join(__dirname, '../dist/bundle/pay.cjs');

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** The bundle, with what V8 made of it when it was built. V8 refuses what another version of it has made, and compiles anew. */
function load() {
  const script = new Script(readFileSync(bundle, 'utf8'), {
    filename: bundle,
    cachedData: readIfThere(`${bundle}.code`),
  });
  const module = { exports: {} };
  script.runInThisContext()(module, createRequire(bundle), bundle);
  return module.exports;
}

async function loadOrBuild() {
  try {
    return load();
  } catch (error) {
    if (error.code !== 'ENOENT') {
      throw error;
    }
    // A checkout that was not built yet.
    const { makeReady } = await import('./ready.js');
    makeReady();
    return load();
  }
}

const [word, ...others] = process.argv.slice(2);
if (others.length === 0 && (word === '--version' || word === '-V')) {
  // What machines ask most often needs nothing of the rest.
  process.stdout.write(`${require('../package.json').version}\n`);
} else {
  void loadOrBuild().then(({ runProcess }) => runProcess(process));
}
