import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';

/** The most bytes of a file of settings, certificates or names: several times what any of them has. */
export const mostFileBytes = 1024 * 1024;

const asSize = (bytes: number) =>
  bytes < 1024 * 1024 ? `${bytes / 1024} KiB` : `${bytes / 1024 / 1024} MiB`;

/**
 * What a stream holds, of at most so many bytes. No more of it is read: a device or a pipe may have no end.
 * @throws Error where there is more, and where it cannot be read
 */
export async function readBounded(stream: Readable, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new Error(`it is larger than ${asSize(mostBytes)}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a file holds, with the bound and the errors of `readBounded`. */
export const readFileBounded = (
  path: string,
  { mostBytes = mostFileBytes, signal }: { readonly mostBytes?: number; readonly signal?: AbortSignal } = {},
): Promise<Buffer> => {
  const stream = createReadStream(path);
  return readBounded(signal ? addAbortSignal(signal, stream) : stream, mostBytes);
};
