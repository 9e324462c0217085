import { DatabaseProblem } from '../../../db/files/database-problem.js';
import { RatesRefused } from '../../compose/rates-refused.js';
import { TimePortError } from '../../compose/time-port-error.js';
import { Refusal } from '../../errors.js';
import { CurrencyFileFault } from '../../features/conversion/currency-file.js';
import { LeakedListFault } from '../../features/credentials/leaked-passwords.js';
import { SettingsError } from '../../settings.js';
import { CertificateError } from '../../tls/certificate-error.js';
import { CommandProblem } from './command-problem.js';

interface Failure {
  readonly status: CommandProblem['status'];
  readonly message: string;
}

function portProblem(error: unknown): string | undefined {
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${address} is in use. Stop what uses it, or choose another with --port.`;
  }
  if (code === 'EACCES' && port !== undefined) {
    return `Port ${port} may not be used by this user. Choose one from 1024 with --port.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `The address ${address ?? 'given'} is none of this machine. Choose another with --host.`;
  }
  return undefined;
}

/** The failure of a command: what it says, and its exit status; undefined for a mistake of the program. */
export function failureOf(error: unknown): Failure | undefined {
  if (
    error instanceof SettingsError ||
    error instanceof CurrencyFileFault ||
    error instanceof LeakedListFault
  ) {
    return { status: 2, message: error.message };
  }
  // What a rule refuses, or a thread that has too much to do, says itself what to do next.
  if (error instanceof Refusal) {
    return { status: 1, message: error.message };
  }
  if (error instanceof CommandProblem) {
    return { status: error.status, message: error.message };
  }
  const isProblem =
    error instanceof DatabaseProblem ||
    error instanceof CertificateError ||
    error instanceof RatesRefused ||
    error instanceof TimePortError;
  const message = isProblem ? error.message : portProblem(error);
  return message === undefined ? undefined : { status: 1, message };
}
