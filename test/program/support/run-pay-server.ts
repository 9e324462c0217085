import type { ExecutionContext } from 'ava';
import { payServer, startChild } from '../../db/support/processes.js';

export interface Ran {
  /** Its exit status, or the signal that ended it. */
  readonly status: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of pay-server, run to its end. */
export async function runPayServer(t: ExecutionContext, args: readonly string[], input = ''): Promise<Ran> {
  const child = startChild(t, process.execPath, [payServer, ...args]);
  let stdout = '';
  child.process.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.process.stdin?.end(input);
  const status = await child.ended;
  return { status, stdout, stderr: child.stderr() };
}
