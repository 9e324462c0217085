import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { root } from '../cli/support/run-pay.js';

interface FailedFiles {
  failedFiles(written: string, files: readonly string[]): readonly string[];
}

const program = pathToFileURL(join(root, 'bin/develop/failed-files.js')).href;

test('the files of failed tests are found, and those that ended with an error, and no others', async (t) => {
  const { failedFiles } = (await import(program)) as FailedFiles;
  const files = ['api/about', 'api/about/more', 'cli/send', 'cli/send-files', 'imports'].map(
    (name) => `dist/test/${name}.test.js`,
  );
  const written = [
    '  ✔ api › about › all is well',
    '  ✘ [fail]: api › about › more › something is not',
    '  ✔ cli › send › a ✘ in a memo is shown',
    '  ✘ [fail]: cli › send-files › cli › send › is named',
    '  ✘ dist/test/imports.test.js exited with a non-zero exit code: 1',
  ].join('\n');
  t.deepEqual(failedFiles(written, files), [
    'dist/test/api/about/more.test.js',
    'dist/test/cli/send-files.test.js',
    'dist/test/imports.test.js',
  ]);
});
