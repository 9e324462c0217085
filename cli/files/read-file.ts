import { Failure } from '../failure/failure.js';
import { readFileBounded } from './read-bounded.js';
import { unreadable } from './unreadable.js';

/**
 * The JSON object of a file, or undefined where there is no such file.
 * @throws Failure where it cannot be read or is no JSON object: it is never taken for an empty one.
 */
export async function readJsonFile(path: string): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = (await readFileBounded(path)).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw unreadable(`The file ${path}`, error);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Falls through to the one message for everything that is not a JSON object.
  }
  throw new Failure('usage', `The file ${path} is damaged: it holds no JSON object.`, {
    next: [`Mend it, or move it away and log in again: mv ${path} ${path}.old`],
  });
}
