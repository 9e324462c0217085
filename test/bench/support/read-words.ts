/** What `read` makes of the words that a bench was called with; wrong ones end it with a line, as no stack tells what was meant. */
export function readWords<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${(error as Error).message.replace(/\.?$/, '.')} See --help.\n`);
    process.exit(2);
  }
}
