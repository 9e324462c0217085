import { env } from 'node:process';
import { rootCertificates } from 'node:tls';
import { readAtMost } from '../../../db/files/read-at-most.js';

/** Several times all known authorities, those of a company's own among them. */
const largestFileBytes = 16 * 1024 * 1024;

/**
 * The authorities that Node trusts by itself, those of NODE_EXTRA_CA_CERTS among them, and one more (all PEM). Whoever
 * gives Node a list of authorities replaces all of these.
 */
export async function trustedAuthorities(another: string): Promise<string[]> {
  const extraPath = env.NODE_EXTRA_CA_CERTS;
  return [...rootCertificates, ...(await readIfThere(extraPath)), another];
}

/** The text of a file; Node warns about one that it cannot read, and goes on without it. */
async function readIfThere(path: string | undefined): Promise<readonly string[]> {
  if (path === undefined || path === '') {
    return [];
  }
  try {
    const bytes = await readAtMost(path, largestFileBytes);
    return bytes === undefined ? [] : [bytes.toString('utf8')];
  } catch {
    return [];
  }
}
