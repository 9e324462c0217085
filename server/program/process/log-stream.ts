import { write } from 'node:fs';
import { Writable } from 'node:stream';
import type { LogStream } from './logger.js';

/** The most that may wait for a slow reader; beyond it lines are dropped. */
const mostWaitingBytes = 4 * 1024 * 1024;
const retryMs = 100;
/** The time that a line waits for others. */
const gatherMs = 10;

/** Calls `done` when the bytes are written or cannot be: a log that its reader or disk does not take is lost. */
function writeAll(fd: number, bytes: Uint8Array, done: () => void): void {
  write(fd, bytes, (error, written) => {
    if (error?.code === 'EAGAIN') {
      // A reader that never comes back must not keep the process alive.
      setTimeout(() => writeAll(fd, bytes, done), retryMs).unref();
    } else if (error || written === bytes.length) {
      done();
    } else {
      writeAll(fd, bytes.subarray(written), done);
    }
  });
}

/**
 * The stream for a log that never makes the server wait, fail or stay: its reader may be slow or gone, the disk that
 * it is written to full. pino's own for a file descriptor retries for ever when the process is to end. Where the
 * stream is a terminal or has no descriptor, it is given back as it is.
 */
export function steadyLogStream(stream: LogStream): LogStream {
  const { fd } = stream;
  if (stream.isTTY || fd === undefined) {
    return stream;
  }
  const steady = new Writable({
    highWaterMark: mostWaitingBytes,
    write: (bytes: Buffer, _encoding, done) => writeAll(fd, bytes, done),
    writev: (chunks, done) => writeAll(fd, Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
  });
  return Object.assign(steady, { write: gatherLines(steady) });
}

/** Hands the lines of a moment to the stream together: under load, writing each by itself costs more than making it. */
function gatherLines(stream: Writable): (line: string) => boolean {
  const take = stream.write.bind(stream);
  let gathered = '';
  function flush(): void {
    const lines = gathered;
    gathered = '';
    take(lines);
  }
  return (line) => {
    if (stream.writableLength + gathered.length >= mostWaitingBytes) {
      return false;
    }
    if (gathered === '') {
      setTimeout(flush, gatherMs);
    }
    gathered += line;
    return true;
  };
}
