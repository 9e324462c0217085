import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';

/**
 * What a file holds, or undefined where that is more than so many bytes. No more of it is read: a device or a pipe has no size,
 * and may have no end.
 * @throws the system's error where it cannot be read
 */
export async function readAtMost(path: string, mostBytes: number): Promise<Buffer | undefined> {
  // One byte more tells that there is more.
  const bytes = await buffer(createReadStream(path, { end: mostBytes }));
  return bytes.length > mostBytes ? undefined : bytes;
}
