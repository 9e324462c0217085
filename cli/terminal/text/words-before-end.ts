/** The words of a command line that may be flags: those before `--`, which ends them. */
export function wordsBeforeEnd(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
}
