import { openWriter } from '../../../db/connect.js';

/** Runs statements on a database behind the back of whoever uses it. */
export async function changeFile(file: string, ...statements: readonly string[]): Promise<void> {
  const writer = openWriter(file);
  try {
    for (const statement of statements) {
      await writer.raw(statement);
    }
  } finally {
    await writer.destroy();
  }
}
