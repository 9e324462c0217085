import { Writable } from 'node:stream';
import type { Screen } from '../screen.js';

// SGR sequences only: those that move the cursor are what a prompt is drawn with.
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
const colours = /\u001b\[[0-9;]*m/g;

/** The stream that a prompt draws on: the screen itself, or, for a screen without colours, one that takes them out. */
export function promptOutput(screen: Screen): NodeJS.WritableStream {
  if (screen.pen.level > 0) {
    return screen.stream;
  }
  const plain = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      screen.stream.write(chunk.toString().replace(colours, ''));
      // What waited here for the screen would come behind what others write on it in the meantime.
      done();
    },
  });
  return Object.defineProperties(plain, {
    columns: { get: () => screen.width },
    isTTY: { value: true },
  });
}
