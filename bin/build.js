import { cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root, sourceFiles, sourceFolders } from './sources.js';

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

const isCode = (file) => file.endsWith('.ts') && !file.endsWith('.d.ts');

async function buildModules() {
  await build({
    ...common,
    entryPoints: sourceFiles().filter(isCode),
    outbase: root,
    outdir: draft,
    sourcemap: true,
  });
  // What is not TypeScript (the code that the Apache compiler generated, fixtures) is taken along as it stands.
  for (const folder of sourceFolders) {
    cpSync(join(root, folder), join(draft, folder), { recursive: true, filter: (file) => !isCode(file) });
  }
}

/** The command line is bundled, split at its dynamic imports, so that a command reads only what it needs. */
async function buildCommandLine() {
  await build({
    ...common,
    entryPoints: { pay: 'cli/main.ts' },
    bundle: true,
    splitting: true,
    minifySyntax: true,
    outdir: join(draft, 'bundle'),
    external: ['@napi-rs/keyring'],
    banner: {
      // Bundled CommonJS packages ask for Node's own modules through require.
      js: "import { createRequire as payRequire } from 'node:module'; const require = payRequire(import.meta.url);",
    },
  });
}

try {
  await buildModules();
  await buildCommandLine();
  writeFileSync(join(draft, '.built'), '');
  if (existsSync(dist)) {
    renameSync(dist, old);
  }
  renameSync(draft, dist);
} finally {
  rmSync(draft, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}
