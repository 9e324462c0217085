import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { type Import, importsInFolderCircles } from './support/folder-circles.js';

const root = join(import.meta.dirname, '../..');
const folders = ['cli', 'server', 'thrift', 'db', 'test'];
const options = await extractDepcruiseOptions(join(root, '.dependency-cruiser.cjs'));
const ruleNames = (options.ruleSet?.forbidden ?? []).map(({ name }) => name ?? '');

async function cruised(baseDir: string, inFolders: string[]): Promise<ICruiseResult> {
  const { output } = await cruise(inFolders, { ...options, baseDir });
  if (typeof output === 'string') {
    throw new TypeError('without a reporter the output is an object');
  }
  return output;
}

function breaches({ summary }: ICruiseResult): string[] {
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

const project = await cruised(root, folders);

test('imports point downward only, with no circles', (t) => {
  t.deepEqual(breaches(project), []);
});

/** The folders in which there is no circle, whether at run time or for their types. */
const layered = ['cli', 'server', 'db', 'thrift'];

/** The contract for the client is made of the table of routes, and lies above it: whoever imports it imports types alone. */
const isContract = (file: string) => file === 'server/wire.ts';

function importsIn({ modules }: ICruiseResult): readonly Import[] {
  return modules
    .filter(({ source }) => layered.includes(source.replace(/\/.*/, '')) && !isContract(source))
    .flatMap(({ source, dependencies }) =>
      dependencies
        .filter(({ resolved }) => layered.includes(resolved.replace(/\/.*/, '')) && !isContract(resolved))
        .map(({ resolved }) => ({ from: source, to: resolved })),
    );
}

test('no folder imports one that imports it, be it over others', (t) => {
  t.deepEqual(importsInFolderCircles(importsIn(project)), []);
});

test('every source file was looked at, and the imports in it were seen', (t) => {
  const sources = folders.flatMap(filesIn).filter((file) => file.endsWith('.ts'));
  const seen = new Map(project.modules.map((module) => [module.source, module.dependencies]));
  t.deepEqual(
    sources.filter((file) => !seen.has(file)),
    [],
  );
  const importing = sources.filter((file) =>
    /^(import|export) .*from '\.\.?\//m.test(readFileSync(join(root, file), 'utf8')),
  );
  t.true(importing.length > 50, `${importing.length} files import others of ours`);
  t.deepEqual(
    importing.filter(
      (file) =>
        !seen
          .get(file)
          ?.some(({ resolved }) => /\.(ts|js)$/.test(resolved) && !resolved.includes('node_modules')),
    ),
    [],
  );
});

test('imports of types are told apart from those at run time', (t) => {
  const kinds = project.modules.flatMap(({ dependencies }) =>
    dependencies
      .filter(({ resolved }) => resolved.endsWith('.ts'))
      .map(({ dependencyTypes }) => dependencyTypes.includes('type-only')),
  );
  t.true(kinds.includes(true));
  t.true(kinds.includes(false));
});

type Files = Record<string, string>;

async function cruisedFiles(files: Files): Promise<ICruiseResult> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-imports-'));
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  }
  const result = await cruised(folder, [
    ...new Set(Object.keys(files).map((file) => file.replace(/\/.*/, ''))),
  ]);
  await rm(folder, { recursive: true });
  return result;
}

async function breachesOf(files: Files): Promise<string[]> {
  const { summary } = await cruisedFiles(files);
  return summary.violations.map(({ rule }) => rule.name);
}

const value = 'export const value = 1;\nexport interface Shape { value: number }\n';
const taking = (specifier: string) => `import { value } from '${specifier}';\nexport const taken = value;\n`;
const takingType = (specifier: string) =>
  `import type { Shape } from '${specifier}';\nexport type Taken = Shape;\n`;

/** The trees that break each rule, and nothing else. */
const breaking: Record<string, Files[]> = {
  'no-circles': [
    {
      'server/features/payments/a.ts': `import { b } from './b.js';\nexport const a = () => b;\n`,
      'server/features/payments/b.ts': `import { a } from './a.js';\nexport const b = () => a;\n`,
    },
  ],
  'no-barrels': [
    {
      'server/features/payments/a.ts': `export { value } from './b.js';\n`,
      'server/features/payments/b.ts': value,
    },
    { 'cli/a.ts': `export * from './b.js';\n`, 'cli/b.ts': value },
  ],
  'all-resolved': [{ 'server/features/payments/a.ts': taking('./nowhere.js') }],
  'nothing-knows-tests-or-bin': [
    { 'server/features/payments/a.ts': taking('../../../test/support/b.js'), 'test/support/b.ts': value },
    { 'thrift/a.ts': taking('../bin/b.js'), 'bin/b.js': value },
  ],
  'cli-runs-on-money-alone': [
    { 'cli/a.ts': taking('../server/features/payments/wire.js'), 'server/features/payments/wire.ts': value },
    { 'cli/a.ts': taking('../server/wire.js'), 'server/wire.ts': value },
    { 'cli/a.ts': taking('../server/errors.js'), 'server/errors.ts': value },
    { 'cli/a.ts': `export const later = import('../db/connect.js');\n`, 'db/connect.ts': value },
  ],
  'cli-takes-types-from-wires': [
    {
      'cli/a.ts': takingType('../server/features/payments/send-payment.js'),
      'server/features/payments/send-payment.ts': value,
    },
  ],
  'server-knows-no-cli': [
    { 'server/features/payments/a.ts': takingType('../../../cli/b.js'), 'cli/b.ts': value },
  ],
  'thrift-stands-alone': [
    { 'thrift/a.ts': takingType('../server/errors.js'), 'server/errors.ts': value },
    { 'thrift/a.ts': taking('../db/b.js'), 'db/b.ts': value },
  ],
  'db-stands-alone': [{ 'db/a.ts': takingType('../server/money/money.js'), 'server/money/money.ts': value }],
  'money-stands-alone': [
    { 'server/money/a.ts': taking('../errors.js'), 'server/errors.ts': value },
    { 'server/money/a.ts': takingType('../../db/b.js'), 'db/b.ts': value },
  ],
  'foundations-stand-alone': [
    { 'server/errors.ts': takingType('./http/route.js'), 'server/http/route.ts': value },
    { 'server/clock.ts': taking('../thrift/b.js'), 'thrift/b.ts': value },
  ],
  'http-knows-no-room': [
    {
      'server/http/a.ts': takingType('../features/accounts/wire.js'),
      'server/features/accounts/wire.ts': value,
    },
    { 'server/http/a.ts': taking('../../db/b.js'), 'db/b.ts': value },
    { 'server/http/a.ts': taking('../ledger/b.js'), 'server/ledger/b.ts': value },
    { 'server/http/a.ts': taking('../settings.js'), 'server/settings.ts': value },
  ],
  'ledger-knows-no-room': [
    {
      'server/ledger/a.ts': takingType('../features/payments/wire.js'),
      'server/features/payments/wire.ts': value,
    },
    { 'server/ledger/a.ts': taking('../compose/rules.js'), 'server/compose/rules.ts': value },
    { 'server/ledger/a.ts': taking('../http/b.js'), 'server/http/b.ts': value },
  ],
  'rooms-know-no-wiring': [
    { 'server/features/payments/a.ts': takingType('../../settings.js'), 'server/settings.ts': value },
    { 'server/features/admin/a.ts': taking('../../compose/pay-app.js'), 'server/compose/pay-app.ts': value },
    { 'server/features/admin/a.ts': takingType('../../compose/books.js'), 'server/compose/books.ts': value },
    { 'server/features/admin/a.ts': taking('../../program/start.js'), 'server/program/start.ts': value },
  ],
  'time-is-wired-in': [
    { 'server/features/payments/a.ts': takingType('../../../thrift/client.js'), 'thrift/client.ts': value },
    { 'server/ledger/a.ts': takingType('../../thrift/client.js'), 'thrift/client.ts': value },
    { 'server/settings.ts': taking('../thrift/client.js'), 'thrift/client.ts': value },
  ],
  'rooms-know-no-thrift': [
    { 'server/features/payments/a.ts': taking('../../../thrift/thread.js'), 'thrift/thread.ts': value },
  ],
};

test('folders in a circle are found, over a third one, of a folder and one in it, and by types alone', async (t) => {
  const overThree = {
    'server/features/payments/a.ts': taking('../limits/a.js'),
    'server/features/limits/a.ts': value,
    'server/features/limits/b.ts': taking('../admin/a.js'),
    'server/features/admin/a.ts': value,
    'server/features/admin/b.ts': taking('../payments/b.js'),
    'server/features/payments/b.ts': value,
    'server/features/blocks/a.ts': taking('../payments/b.js'),
  };
  const ofVerbs = {
    'cli/payments/send.ts': taking('../payouts/pay-file.js'),
    'cli/payments/contacts.ts': value,
    'cli/payouts/pay-file.ts': value,
    'cli/payouts/ask.ts': takingType('../payments/contacts.js'),
  };
  const inFolder = { 'db/a.ts': taking('./sqlite/a.js'), 'db/b.ts': value, 'db/sqlite/a.ts': value };
  const circles = async (files: Files) => importsInFolderCircles(importsIn(await cruisedFiles(files)));
  t.deepEqual(await breachesOf(overThree), [], 'no file is in a circle');
  t.deepEqual((await circles(overThree)).toSorted(), [
    'server/features/admin/b.ts → server/features/payments/b.ts',
    'server/features/limits/b.ts → server/features/admin/a.ts',
    'server/features/payments/a.ts → server/features/limits/a.ts',
  ]);
  t.deepEqual((await circles(ofVerbs)).toSorted(), [
    'cli/payments/send.ts → cli/payouts/pay-file.ts',
    'cli/payouts/ask.ts → cli/payments/contacts.ts',
  ]);
  t.deepEqual(await circles(inFolder), []);
  t.deepEqual((await circles({ ...inFolder, 'db/sqlite/b.ts': takingType('../b.js') })).toSorted(), [
    'db/a.ts → db/sqlite/a.ts',
    'db/sqlite/b.ts → db/b.ts',
  ]);
});

test('each rule is proven below to be able to fail', (t) => {
  t.deepEqual(Object.keys(breaking), ruleNames);
});

for (const [rule, trees] of Object.entries(breaking)) {
  test(`${rule} finds what breaks it`, async (t) => {
    for (const tree of trees) {
      const found = await breachesOf(tree);
      t.deepEqual([...new Set(found)], [rule], Object.keys(tree).join(' '));
    }
  });
}

test('what the design allows breaks no rule', async (t) => {
  const found = await breachesOf({
    'cli/a.ts': `${takingType('../server/features/payments/wire.js')}${taking('../server/money/money.js').replaceAll('taken', 'other')}`,
    'cli/b.ts': takingType('../server/wire.js'),
    'server/wire.ts': takingType('./compose/pay-app.js').replaceAll('Shape', 'App').concat(value),
    'server/compose/pay-app.ts': value.replace('Shape', 'App'),
    'server/features/payments/wire.ts': value,
    'server/money/money.ts': value,
    'server/errors.ts': value,
    'server/http/route.ts': taking('../errors.js'),
    'server/ledger/book.ts': taking('../../db/rows.js'),
    'server/features/payments/store.ts': `${taking('../../ledger/book.js').replace('value }', 'taken as value }')}`,
    'server/features/payments/types-both-ways.ts': `import type { There } from './there.js';\nexport type Here = There | 1;\n`,
    'server/features/payments/there.ts': `import type { Here } from './types-both-ways.js';\nexport type There = Here | 2;\n`,
    'server/settings.ts': value,
    'server/compose/time-source.ts': taking('../../thrift/client.js'),
    'server/program/start.ts': taking('../compose/time-source.js')
      .replaceAll('value', 'taken')
      .replace('taken = taken', 'started = taken'),
    'server/compose/ledger-thread.ts': taking('../../thrift/client.js'),
    'thrift/client.ts': value,
    'db/rows.ts': value,
    'test/a.ts': taking('../thrift/client.js'),
  });
  t.deepEqual(found, []);
});

/** Import specifiers of a program in bin/, other than of Node itself, of its neighbours and of what was built. */
function foreignSpecifiers(program: string): string[] {
  const specifiers = [...program.matchAll(/(?:\bfrom|(?<!-)\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    ([, specifier]) => specifier ?? '',
  );
  return specifiers.filter(
    (specifier) =>
      !/^(node:|\.\/[a-z/-]+\.js$|\.\.\/build\/[a-z-]+\.js$|\.\.\/dist\/(cli|server|thrift|db|bundle)\/)/.test(
        specifier,
      ),
  );
}

test('the programs in bin import the built cli, server, thrift and db only', (t) => {
  const programs = filesIn('bin');
  t.true(programs.includes(join('bin', 'pay-time.cjs')));
  const foreign = programs.flatMap((file) =>
    foreignSpecifiers(readFileSync(join(root, file), 'utf8')).map((specifier) => `${file} → ${specifier}`),
  );
  t.deepEqual(foreign, [
    'bin/build/build.js → esbuild',
    'bin/build/bundle-server.js → esbuild',
    'bin/build/completion-scripts.js → @bomb.sh/tab',
  ]);
});

test('a program in bin that imports something else is found', (t) => {
  const program = `import a from '../server/program/main.js';\nimport 'koa';\nawait import("../dist/test/b.js");\nimport { c } from '../dist/cli/c.js';`;
  t.deepEqual(foreignSpecifiers(program), ['../server/program/main.js', 'koa', '../dist/test/b.js']);
});

/** Files whose names are not kebab-case, and files and folders named for nothing in particular. */
function misnamed(files: readonly string[]): string[] {
  const word = '[a-z0-9]+(-[a-z0-9]+)*';
  const kebab = new RegExp(`^(${word}/)*${word}(\\.[a-z0-9]+)*$`);
  const says = /(^|\/)(index|utils?|helpers|types|shared|common)(\.[^/]*)?(\/|$)/;
  return files.filter((file) => !kebab.test(file) || says.test(file));
}

test('files are named in kebab-case, for what they do', (t) => {
  const files = [...folders, 'bin']
    .flatMap(filesIn)
    .filter((file) => !file.startsWith(join('thrift', 'generated')));
  t.true(files.length > 50, `${files.length} files`);
  t.deepEqual(misnamed(files), []);
});

test('a name that is not kebab-case, or says nothing, is found', (t) => {
  const bad = [
    'cli/sendMoney.ts',
    'cli/Send.ts',
    'cli/send_money.ts',
    'server/index.ts',
    'server/shared/a.ts',
    'db/types.ts',
    'cli/utils.ts',
  ];
  t.deepEqual(
    misnamed([...bad, 'cli/send-money.ts', 'cli/send.test.ts', 'bin/pay', 'thrift/timestamp.thrift']),
    bad,
  );
});
