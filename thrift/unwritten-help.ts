/** Whether a word asks for text alone, so that without the text nothing was done. */
const asksForText = (word: string) => ['help', '-h', '--help', '-V', '--version'].includes(word);

/** Ends a process with 1 where the help or the version that it was asked for could not be written. A reader that left is fine. */
export function failWithoutHelp(process: NodeJS.Process): void {
  if (!process.argv.slice(2).some(asksForText)) {
    return;
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      process.stderr.write(`It cannot be written: ${error.message}\n`);
      process.exitCode = 1;
      process.once('exit', () => {
        process.exitCode = 1;
      });
    }
  });
}
