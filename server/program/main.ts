import { failWithoutHelp } from '../../thrift/unwritten-help.js';
import { stepProcessBack } from '../step-back.js';
import { payBeside, usualName } from './command/as-called.js';
import type { ServerCommandContext } from './command/server-command.js';
import { whatIsNext } from './command/what-is-next.js';
import { runPayServer } from './pay-server.js';
import { onHangUp } from './process/hang-up.js';
import { hidePasswords } from './process/hide-passwords.js';
import { stopSignals } from './process/stop-signals.js';

export { onHangUp, runPayServer, stopSignals, whatIsNext };

/** `pay-server` with the arguments, streams and signals of a process, called as people type it there. */
export async function runProcess(process: NodeJS.Process, calledAs = usualName): Promise<void> {
  hidePasswords(process);
  failWithoutHelp(process);
  const { stdin, stdout, stderr, env } = process;
  const context: ServerCommandContext = {
    stdin,
    stdout,
    stderr,
    environment: env,
    calledAs,
    stopAsked: stopSignals,
    stepBack: stepProcessBack,
    onHangUp,
    onReady(server) {
      // The log keeps what happens; a person on a terminal is told what to do.
      if (stderr.isTTY) {
        stderr.write(whatIsNext(server, payBeside(calledAs), stderr.columns));
      }
    },
  };
  process.exitCode = await runPayServer(process.argv.slice(2), context);
}
