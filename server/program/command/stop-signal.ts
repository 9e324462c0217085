import { CommandProblem } from './command-problem.js';
import type { ServerCommandContext } from './server-command.js';

/** Aborted when the process is asked to end, for a command that then puts away what it has begun. */
export function stopSignal({ stopAsked }: Pick<ServerCommandContext, 'stopAsked'>): AbortSignal {
  const controller = new AbortController();
  void stopAsked().then(() => controller.abort(new CommandProblem(130, 'Interrupted. Nothing was kept.')));
  return controller.signal;
}
