import { failWithoutHelp } from '../../thrift/unwritten-help.js';
import { onHangUp } from './hang-up.js';
import { runPayServer } from './pay-server.js';
import { stopSignals } from './stop-signals.js';

export { onHangUp, runPayServer, stopSignals };

/** `pay-server` with the arguments, streams and signals of a process. */
export async function runProcess(process: NodeJS.Process): Promise<void> {
  failWithoutHelp(process);
  const { stdin, stdout, stderr, env } = process;
  const context = { stdin, stdout, stderr, environment: env, stopAsked: stopSignals, onHangUp };
  process.exitCode = await runPayServer(process.argv.slice(2), context);
}
