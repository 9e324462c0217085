import { sep } from 'node:path';

/** What ava puts before the title of a test in this file: "cli › shell › terminal › ". */
const wordsBefore = (file) =>
  file
    .replace(/^dist[\\/]test[\\/]/, '')
    .replace(/\.test\.js$/, '')
    .split(sep)
    .map((part) => `${part} › `)
    .join('');

/**
 * The test files that failed by what ava wrote, without colours: those of failed tests, and those that ended with an error.
 * @param files the test files as they are built, relative to the root
 */
export function failedFiles(written, files) {
  const failed = new Set();
  for (const line of written.split('\n').filter((one) => one.includes('✘'))) {
    const named = files.filter(
      (file) => line.includes(`✘ [fail]: ${wordsBefore(file)}`) || line.includes(`✘ ${file} exited`),
    );
    // A test of api/about.test.js may begin like the file api/about/more.test.js is named; the longer name is the file's.
    const [file] = named.toSorted((one, other) => other.length - one.length);
    if (file !== undefined) {
      failed.add(file);
    }
  }
  return files.filter((file) => failed.has(file));
}
