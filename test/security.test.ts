import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { settingTable } from '../server/settings.js';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');
const [, requirementsChapter = ''] = text.split('## OWASP ASVS');

/** The requirements of the levels 1 and 2 in version 5.0.0, by section. */
const levelTwo: Readonly<Record<string, readonly number[]>> = {
  '1.1': [1, 2],
  '1.2': [1, 2, 3, 4, 5, 6, 7, 8, 9],
  '1.3': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  '1.4': [1, 2, 3],
  '1.5': [1, 2],
  '2.1': [1, 2, 3],
  '2.2': [1, 2, 3],
  '2.3': [1, 2, 3, 4],
  '2.4': [1],
  '3.2': [1, 2],
  '3.3': [1, 2, 3, 4],
  '3.4': [1, 2, 3, 4, 5, 6],
  '3.5': [1, 2, 3, 4, 5],
  '3.7': [1, 2],
  '4.1': [1, 2, 3],
  '4.2': [1],
  '4.3': [1, 2],
  '4.4': [1, 2, 3, 4],
  '5.1': [1],
  '5.2': [1, 2, 3],
  '5.3': [1, 2],
  '5.4': [1, 2, 3],
  '6.1': [1, 2, 3],
  '6.2': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  '6.3': [1, 2, 3, 4],
  '6.4': [1, 2, 3, 4],
  '6.5': [1, 2, 3, 4, 5],
  '6.6': [1, 2, 3],
  '6.8': [1, 2, 3, 4],
  '7.1': [1, 2, 3],
  '7.2': [1, 2, 3, 4],
  '7.3': [1, 2],
  '7.4': [1, 2, 3, 4, 5],
  '7.5': [1, 2],
  '7.6': [1, 2],
  '8.1': [1, 2],
  '8.2': [1, 2, 3],
  '8.3': [1],
  '8.4': [1],
  '9.1': [1, 2, 3],
  '9.2': [1, 2, 3, 4],
  '10.1': [1, 2],
  '10.2': [1, 2],
  '10.3': [1, 2, 3, 4],
  '10.4': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  '10.5': [1, 2, 3, 4, 5],
  '10.6': [1, 2],
  '10.7': [1, 2, 3],
  '11.1': [1, 2],
  '11.2': [1, 2, 3],
  '11.3': [1, 2, 3],
  '11.4': [1, 2, 3, 4],
  '11.5': [1],
  '11.6': [1],
  '12.1': [1, 2, 3],
  '12.2': [1, 2],
  '12.3': [1, 2, 3, 4],
  '13.1': [1],
  '13.2': [1, 2, 3, 4, 5],
  '13.3': [1, 2],
  '13.4': [1, 2, 3, 4, 5],
  '14.1': [1, 2],
  '14.2': [1, 2, 3, 4],
  '14.3': [1, 2, 3],
  '15.1': [1, 2, 3],
  '15.2': [1, 2, 3],
  '15.3': [1, 2, 3, 4, 5, 6, 7],
  '16.1': [1],
  '16.2': [1, 2, 3, 4, 5],
  '16.3': [1, 2, 3, 4],
  '16.4': [1, 2, 3],
  '16.5': [1, 2, 3],
  '17.1': [1],
  '17.2': [1, 2, 3, 4],
  '17.3': [1, 2],
};

const numbers = Object.entries(levelTwo).flatMap(([section, each]) => each.map((one) => `${section}.${one}`));

/** The cells of the rows that begin with numbers of requirements. */
const rows = requirementsChapter
  .split('\n')
  .filter((line) => /^\| [0-9]/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('every requirement of the levels 1 and 2 is answered once, and no other', (t) => {
  t.is(numbers.length, 253);
  const answered = rows.flatMap(([, requirements = '']) => requirements.split(' '));
  t.deepEqual(answered, [...new Set(answered)]);
  t.deepEqual(
    numbers.filter((number) => !answered.includes(number)),
    [],
  );
  t.is(answered.length, numbers.length);
});

test('every requirement that applies has an answer, and a test that is there', (t) => {
  const applying = rows.filter((cells) => cells.length === 5);
  t.true(applying.length > 80, `${applying.length} rows`);
  for (const [, requirements, how = '', shownBy = ''] of applying) {
    t.not(how, '', requirements);
    const files = [...shownBy.matchAll(/`([^`]+)`/g)].map(([, file]) => file ?? '');
    t.true(files.length > 0, `${requirements} is shown by nothing`);
    t.deepEqual(
      files.filter((file) => !file.endsWith('.test.ts') || !existsSync(join(root, 'test', file))),
      [],
      requirements,
    );
  }
});

test('what it names of the settings and of the tree is there', (t) => {
  const variables = new Set<string>(Object.values(settingTable).map(({ variable }) => variable));
  const named = [...text.matchAll(/\bPAY_[A-Z_]+\b/g)].map(([name]) => name);
  t.deepEqual(
    named.filter((name) => !variables.has(name)),
    [],
  );
  const [prose = ''] = text.split('## OWASP ASVS');
  const paths = [...prose.matchAll(/`((?:server|thrift|cli)\/[^`]+)`/g)].map(([, path]) => path ?? '');
  t.deepEqual(
    paths.filter((path) => !existsSync(join(root, path))),
    [],
  );
});

test('no program of ours runs what it is given as code', (t) => {
  const files = ['bin', 'cli', 'db', 'server', 'thrift'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.includes('generated'))
      .map((file) => join(folder, file)),
  );
  t.true(files.length > 300);
  const found = files.filter((file) =>
    /(?<![.\w])(?:eval|Function)\(|new Function\b/.test(readFileSync(join(root, file), 'utf8')),
  );
  t.deepEqual(found, []);
});
