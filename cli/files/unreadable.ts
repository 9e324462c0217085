import { Failure } from '../failure/failure.js';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'what should be a folder on the way is a file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is no UTF-8 text',
};

/** Why a file cannot be read, in words that go on a sentence; those of the system where there are none of ours. */
export function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && reasons[code]) || message;
}

/** The failure of a file that cannot be read, which is called so. */
export const unreadable = (name: string, error: unknown): Failure =>
  new Failure('usage', `${name} cannot be read: ${whyUnreadable(error)}.`, { cause: error });
