import { PassThrough } from 'node:stream';

/** Streams that say that they are a terminal, with nobody at it. */
export function quietTerminal(): { readonly stdin: NodeJS.ReadStream; readonly stderr: NodeJS.WriteStream } {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  stderr.resume();
  return {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
  };
}
