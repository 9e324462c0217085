import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';

const folder = join(import.meta.dirname, '../../test');

/** The ways to pass without having run. */
function escapes(program: string): string[] {
  return program.match(/\btest(?:\.\w+)*\.(?:skip|todo|only)\b|\bt\.pass\(\);\s*return\b/g) ?? [];
}

test('only testWith skips tests, so that .ci/run can refuse it', (t) => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.ts'),
  );
  t.true(files.length > 100, `${files.length} files`);
  // This one holds what it looks for.
  const found = files.filter((file) => escapes(readFileSync(join(folder, file), 'utf8')).length > 0);
  t.deepEqual(found, ['skips.test.ts']);
});

test('a test that passes by not running is found', (t) => {
  t.deepEqual(escapes('test.serial.skip("a", run)'), ['test.serial.skip']);
  t.deepEqual(escapes('if (!disk) {\n  t.pass();\n  return;\n}'), ['t.pass();\n  return']);
  t.deepEqual(escapes('await server.left();\nt.pass();\n});'), []);
});
