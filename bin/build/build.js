import { cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleServer } from './bundle-server.js';
import { keepCode, keepServerCode } from './code-cache.js';
import { writeCompletionScripts } from './completion-scripts.js';
import { writeManPages } from './man-pages.js';
import { hasPackages } from './ready.js';
import { filesBelow, productFolders, root, sourceFolders } from './sources.js';

const dist = join(root, 'dist');
// Made beside the old one and put in its place when it is whole, so that what runs from there is not disturbed half-way.
const draft = `${dist}.${process.pid}.new`;
const old = `${dist}.${process.pid}.old`;

const common = {
  absWorkingDir: root,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
};

// Tests need packages that an installation for production leaves out.
const folders = hasPackages(['devDependencies']) ? sourceFolders : productFolders;

const isCode = (file) => file.endsWith('.ts') && !file.endsWith('.d.ts');

async function buildModules() {
  await build({
    ...common,
    // Relative to the root, whose own path may hold what esbuild takes for a pattern.
    entryPoints: filesBelow(folders).filter(isCode),
    outbase: root,
    outdir: draft,
    sourcemap: true,
  });
  // What is not TypeScript (the code that the Apache compiler generated, fixtures) is taken along as it stands.
  for (const folder of folders) {
    cpSync(join(root, folder), join(draft, folder), { recursive: true, filter: (file) => !isCode(file) });
  }
}

// The parts that are large and that only some commands need, each a file of its own, read when it is asked for. It shares no module with the
// others, so that only libraries and pure functions are fit for it.
const apart = {
  undici: 'undici',
  inquirer: 'cli/terminal/prompts/inquirer.ts',
  table: 'cli/terminal/table.ts',
  csv: 'csv-parse',
};

const leaveApart = {
  name: 'leave-apart',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path, resolveDir }) => {
      const source = join(resolveDir, path).replace(/\.js$/, '.ts');
      const name = Object.keys(apart).find((one) => path === apart[one] || source === join(root, apart[one]));
      return name && { path: `./${name}.cjs`, external: true };
    });
  },
};

// The question that starts an editor is never put, and brings half a megabyte of character sets.
const withoutEditor = {
  name: 'without-editor',
  setup({ onLoad }) {
    onLoad({ filter: /@inquirer.editor.dist.index\.js$/ }, () => ({ contents: 'export default undefined' }));
  },
};

const bundled = {
  ...common,
  bundle: true,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  outdir: join(draft, 'bundle'),
  minify: true,
  // esbuild then makes each import() a call, which does not search anew for a module that is there already.
  supported: { 'dynamic-import': false },
  external: ['@napi-rs/keyring', 'jq-wasm'],
};

/**
 * The command line is one file in which each module is run when it is first imported, and the large ones beside it: to find
 * and link a file for each module would take longer than the modules themselves.
 */
async function buildCommandLine() {
  await build({
    ...bundled,
    entryPoints: { pay: 'cli/program/main.ts' },
    plugins: [leaveApart],
    define: { 'import.meta.url': 'bundleUrl' },
    // A script that gives a function, for bin/pay to run.
    banner: {
      js: "(function (module, require, path) { 'use strict'; const bundleUrl = require('node:url').pathToFileURL(path);",
    },
    footer: { js: '})' },
  });
  await build({ ...bundled, entryPoints: apart, plugins: [withoutEditor] });
  await keepCode(join(draft, 'bundle/pay.cjs'), join(dist, 'bundle/pay.cjs'));
}

try {
  await buildModules();
  await buildCommandLine();
  await bundleServer(common, join(draft, 'bundle'));
  await keepServerCode(join(draft, 'bundle'), join(dist, 'bundle'));
  writeCompletionScripts(join(draft, 'completion'));
  await writeManPages(draft, join(root, 'man'));
  writeFileSync(join(draft, '.built'), '');
  if (existsSync(dist)) {
    renameSync(dist, old);
  }
  renameSync(draft, dist);
} finally {
  rmSync(draft, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}
