import { readFileSync } from 'node:fs';
import { env } from 'node:process';
import { rootCertificates } from 'node:tls';

/**
 * The authorities that Node trusts by itself, those of NODE_EXTRA_CA_CERTS among them, and one more (all PEM). Whoever
 * gives Node a list of authorities replaces all of these.
 */
export function trustedAuthorities(another: string): string[] {
  const extraPath = env.NODE_EXTRA_CA_CERTS;
  return [...rootCertificates, ...readIfThere(extraPath), another];
}

/** The text of a file; Node warns about one that it cannot read, and goes on without it. */
function readIfThere(path: string | undefined): readonly string[] {
  if (path === undefined || path === '') {
    return [];
  }
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return [];
  }
}
