import { Failure } from '../failure/failure.js';

/** A filter of --jq, read and found to be one. */
export interface JqFilter {
  /**
   * The values that the filter makes of these, one after the other.
   * @throws Failure (usage)
   */
  apply(values: readonly object[]): readonly unknown[];
}

const help = ['The language is that of jq: https://jqlang.org/manual'];

/** The first line of what jq says, without its own name and its place in a file that nobody has. */
function reasonOf(stderr: string): string {
  const [first = ''] = stderr.split('\n');
  return first
    .replace(/^jq: error(?: \(at [^)]*\))?: /, '')
    .replace(/ at <top-level>, line 1, column /, ' at ');
}

/**
 * Reads a filter in the language of jq. It runs on nothing yet: what cannot be read is refused before a command does
 * anything. @throws Failure (usage)
 */
export async function readJqFilter(filter: string): Promise<JqFilter> {
  // A megabyte of WebAssembly, which only those who filter wait for.
  const { loadJq } = await import('jq-wasm');
  const jq = await loadJq();

  // A word that begins with a hyphen would be an option of jq's own.
  const program = filter.startsWith('-') ? ` ${filter}` : filter;

  function run(input: string): readonly string[] {
    const { stdout, stderr, exitCode } = jq.raw(input, program, ['-c']);
    if (exitCode !== 0) {
      throw new Failure('usage', `--jq: ${reasonOf(stderr) || 'the filter failed'}.`, {
        next: help,
        isOfResult: true,
      });
    }
    return stdout === '' ? [] : stdout.replace(/\n$/, '').split('\n');
  }

  run('');
  return {
    apply: (values) =>
      values.length === 0
        ? []
        : run(values.map((value) => JSON.stringify(value)).join('\n')).map((line) => JSON.parse(line)),
  };
}
