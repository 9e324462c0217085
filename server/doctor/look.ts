import { DatabaseProblem } from '../../db/files/database-problem.js';
import { CertificateError } from '../tls/certificate-error.js';
import { type Finding, wrong } from './finding.js';

/** The operating system's reason, such as EACCES; undefined for a mistake of the program. */
const codeOf = (error: unknown): string | undefined => {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : undefined;
};

/** The finding of a look that could not be had. Rethrows a mistake of the program. */
function unseen(subject: string, error: unknown): Finding {
  if (error instanceof DatabaseProblem || error instanceof CertificateError) {
    return wrong(subject, error.message, null);
  }
  const code = codeOf(error);
  if (code === undefined) {
    throw error;
  }
  const remedy = /EACCES|EPERM/.test(code)
    ? 'Look again as root, or as the user that runs the server.'
    : 'Mend that, then look again.';
  return wrong(subject, `cannot be looked at: ${(error as Error).message}`, remedy);
}

/** Looks at one part of an installation; that it cannot be looked at is a finding, too. */
export async function look(subject: string, at: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await at();
  } catch (error) {
    return unseen(subject, error);
  }
}
