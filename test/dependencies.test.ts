import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const { dependencies, optionalDependencies, devDependencies } = JSON.parse(read('package.json'));
const names = [dependencies, optionalDependencies, devDependencies].flatMap((part) => Object.keys(part));

// Run or read by name, and not imported.
const notImported = new Set([
  'helmet',
  'swagger-ui-dist',
  '@biomejs/biome',
  '@types/koa',
  '@types/node',
  '@types/pg',
  '@types/pg-copy-streams',
]);

function sources(): string {
  const files = ['bin', 'cli', 'db', 'server', 'test', 'thrift'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  return files
    .filter((file) => /\.[cm]?[jt]s$/.test(file))
    .map(read)
    .join('\n');
}

test('every package that is named is imported', (t) => {
  const imported = [
    ...sources().matchAll(/(?:from|import|import\(|require\()\s*['"]((?:@[^/'"]+\/)?[^./'"][^/'"]*)/g),
  ];
  const seen = new Set(imported.map(([, name]) => name));
  t.deepEqual(
    names.filter((name) => !seen.has(name) && !notImported.has(name)),
    [],
  );
});

test('the README says of every package what it is for, and of no other', (t) => {
  const [, chapter = ''] = read('README.md').split('### What it stands on');
  const lines = chapter.split('\n').filter((line) => !line.startsWith('|') || line.startsWith('| `'));
  const said = lines.flatMap((line) => {
    // In a row the packages are in its first cell.
    const text = line.startsWith('|') ? line.split('|')[1] : line;
    return [...(text ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');
  });
  t.deepEqual(said.filter((name) => name !== 'wrk').toSorted(), names.toSorted());
});

test('what the README says is pinned is one version, and no range', (t) => {
  const versions: Readonly<Record<string, string>> = { ...dependencies, ...optionalDependencies };
  const rows = read('README.md')
    .split('\n')
    .filter((line) => /^\| `[^|]*\| .*\bpinned\b/.test(line));
  const pinned = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  t.true(pinned.includes('knex'));
  t.deepEqual(
    pinned.filter((name) => !/^\d/.test(versions[name ?? ''] ?? '')),
    [],
  );
});
