import { Failure } from '../failure/failure.js';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it is on a disk that cannot be written',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  ENOENT: 'nothing can be made there',
  ENOTDIR: 'what should be a folder on the way is a file',
  EEXIST: 'what should be a folder is a file',
};

/** The failure of a file of the command line's own that cannot be written. */
export function unwritable(path: string, error: unknown): Failure {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Failure('usage', `${path} cannot be written: ${(code && reasons[code]) || message}.`, {
    next: ['Make its folder writable, or name another: PAY_CONFIG_DIR'],
    cause: error,
  });
}
