import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root, sourceFiles, sourceFolders } from './sources.js';

const dist = join(root, 'dist');
const common = {
  absWorkingDir: root,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
};

rmSync(dist, { recursive: true, force: true });

await build({
  ...common,
  entryPoints: sourceFiles().filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')),
  outbase: root,
  outdir: dist,
  sourcemap: true,
});

// What is not TypeScript (the code that the Apache compiler generated, fixtures) is taken along as it stands.
for (const folder of sourceFolders) {
  cpSync(join(root, folder), join(dist, folder), {
    recursive: true,
    filter: (file) => !file.endsWith('.ts') || file.endsWith('.d.ts'),
  });
}

// The command line is bundled, split at its dynamic imports, so that a command reads only what it needs.
if (existsSync(join(root, 'cli/main.ts'))) {
  await build({
    ...common,
    entryPoints: { pay: 'cli/main.ts' },
    bundle: true,
    splitting: true,
    minifySyntax: true,
    outdir: join(dist, 'bundle'),
    external: ['@napi-rs/keyring'],
    // Bundled CommonJS packages ask for Node's own modules through require.
    banner: {
      js: "import { createRequire as payRequire } from 'node:module'; const require = payRequire(import.meta.url);",
    },
  });
}

writeFileSync(join(dist, '.built'), '');
