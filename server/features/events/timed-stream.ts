import { Readable } from 'node:stream';

export interface TimedStreamOptions {
  /** How long the reader may leave a chunk untaken before it is cut off. */
  readonly patienceMs: number;
  /** Called once, when the reader is gone or has read to the end. */
  readonly onClose: () => void;
}

/**
 * A stream that asks for a chunk when the one before was taken, so that it holds one at most, and cuts off a reader
 * that does not take it.
 */
export function timedStream(
  chunks: AsyncIterator<string, void, void>,
  { patienceMs, onClose }: TimedStreamOptions,
): Readable {
  let patience: NodeJS.Timeout | undefined;

  async function give(stream: Readable): Promise<void> {
    try {
      const { value, done } = await chunks.next();
      if (!stream.destroyed) {
        patience = setTimeout(() => stream.destroy(), patienceMs);
        stream.push(done ? null : value);
      }
    } catch (error) {
      stream.destroy(error as Error);
    }
  }

  return new Readable({
    highWaterMark: 1,
    read() {
      clearTimeout(patience);
      void give(this);
    },
    destroy(error, done) {
      clearTimeout(patience);
      onClose();
      done(error);
    },
  });
}
