import assert from 'node:assert/strict';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Pieces of text that are read back last first. They lie in a file, so that their number does not matter. */
export interface Reversal {
  add(text: string): Promise<void>;
  backwards(): AsyncGenerator<string>;
  close(): Promise<void>;
}

/** A file that nobody else can open: it loses its name at once. */
async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-export-'));
  try {
    return await open(join(folder, 'pieces'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Opens a reversal in the folder for temporary files. @throws what the file system says */
export async function openReversal(): Promise<Reversal> {
  const file = await openNameless();
  const ends = [0];
  return {
    async add(text) {
      const bytes = Buffer.from(text);
      await file.appendFile(bytes);
      ends.push((ends.at(-1) ?? 0) + bytes.length);
    },
    async *backwards() {
      for (let at = ends.length - 1; at > 0; at -= 1) {
        const [start = 0, end = 0] = [ends[at - 1], ends[at]];
        const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
        assert(bytesRead === end - start, 'a piece is read back whole');
        yield buffer.toString('utf8');
      }
    },
    close: () => file.close(),
  };
}
