import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sources.js';

/** The most bytes that whoever installs the package has to fetch, without the packages that it depends on. */
const mostBytes = 3_000_000;

/** Packs what was built into `folder` as npm would publish it; gives the tarball's path, its files and its size. */
export function pack(folder) {
  mkdirSync(folder, { recursive: true });
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const said = execFileSync('npm', words, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The report of newer versions of npm stands under the name of the package, that of older ones in a list.
  const [{ filename, size, unpackedSize, files }] = Object.values(JSON.parse(said));
  return { file: join(folder, filename), size, unpackedSize, files: files.map(({ path }) => path) };
}

if (import.meta.filename === process.argv[1]) {
  const { file, size, unpackedSize, files } = pack(process.argv[2] ?? root);
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  process.stdout.write(
    `${file}: ${files.length} files, ${megabytes(size)}, ${megabytes(unpackedSize)} unpacked\n`,
  );
  if (size > mostBytes) {
    process.stderr.write(`It is to be under ${megabytes(mostBytes)}. See what it holds: tar tzvf ${file}\n`);
    process.exitCode = 1;
  }
}
