import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ExecutionContext } from 'ava';

/** Holds a text against a file, byte for byte; `npm run golden` writes the file anew instead. */
export async function isGolden(t: ExecutionContext<unknown>, text: string, path: string): Promise<void> {
  if (process.env.PAY_GOLDEN === 'write') {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  t.is(text, await readFile(path, 'utf8'));
}
