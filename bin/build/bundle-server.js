import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The programs and threads of the server: each is one file, because to find and link hundreds takes longer than to run them. */
export const serverPrograms = {
  'pay-server': 'server/program/main.ts',
  'pay-time': 'thrift/main.ts',
};
export const serverThreads = {
  'ledger-thread': 'server/compose/ledger-thread.ts',
  'check-thread': 'server/features/books/check-thread.ts',
  'estimate-thread-entry': 'server/features/credentials/estimate-thread-entry.ts',
  'read-thread-entry': 'server/features/payouts/read-thread-entry.ts',
  'hash-thread-entry': 'server/features/credentials/hash-thread-entry.ts',
  'thread-entry': 'thrift/thread-entry.ts',
};

// Native code; what only some requests need; and thrift, which calls Buffer() so that Node warns where it lies in no package:
// Node reads them from the installed packages when it is asked for.
export const leftInPackages = [
  'sqlite3',
  '@node-rs/argon2',
  '@zxcvbn-ts/*',
  'inquirer',
  'node-int64',
  'pg',
  'pino-pretty',
  'selfsigned',
  'thrift',
  'undici',
];

// Drivers that knex offers to use and that are not installed.
const notInstalled = [
  'better-sqlite3',
  'mysql',
  'mysql2',
  'mariadb',
  'oracledb',
  'pg-native',
  'pg-query-stream',
  'tedious',
];

/** The thread's file as the server starts it: the same name as among the modules. */
const threadFile = (name) => `import { createRequire } from 'node:module';

createRequire(import.meta.url)('../../bin/bundle.cjs').loadBundle('${name}');
`;

/** V8 keeps the text of a program with two bytes for each character where one of them, in a comment of somebody's, needs them. */
function takeOneByte(file) {
  const text = readFileSync(file, 'utf8');
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  writeFileSync(file, text.replace(/[\u0100-\uffff]/g, escaped));
}

/** Bundles the server's programs and threads into `folder`, names kept and with maps, for stacks and debuggers. */
export async function bundleServer(common, folder) {
  await build({
    ...common,
    entryPoints: { ...serverPrograms, ...serverThreads },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    sourcemap: true,
    // V8 keeps the text as long as the program runs, and where each of its lines ends.
    minifyWhitespace: true,
    lineLimit: 160,
    external: [...leftInPackages, ...notInstalled],
    // A script cannot import; Node can require what are modules, too.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'bundleUrl' },
    // A script that gives a function, for bin/bundle.cjs to run.
    banner: {
      js: "(function (module, require, path) { 'use strict'; const bundleUrl = require('node:url').pathToFileURL(path).href; const { exports } = module;",
    },
    footer: { js: '})' },
    // The code that the Apache compiler generated has a case for each field, two of them alike.
    logOverride: { 'duplicate-case': 'silent' },
  });
  for (const name of Object.keys({ ...serverPrograms, ...serverThreads })) {
    takeOneByte(join(folder, `${name}.cjs`));
  }
  for (const name of Object.keys(serverThreads)) {
    writeFileSync(join(folder, `${name}.js`), threadFile(name));
  }
}
