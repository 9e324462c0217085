import type { Logger } from 'pino';
import {
  type RunningState,
  removeRunning,
  type ServerAbout,
  writeRunning,
} from '../compose/running-server.js';
import type { RunningServer } from '../compose/start-server.js';
import { CommandProblem } from './command/command-problem.js';

export interface Reloading {
  /** Has the server read its currencies and rates again, once those before are done. */
  reload(): void;
  /** Takes away what was left for the commands beside the server. */
  end(): Promise<void>;
}

/** What a dead server has left names a process that is another's by now. Throws CommandProblem where it stays. */
const clear = (path: string): Promise<void> =>
  removeRunning(path).catch((error: Error) => {
    throw new CommandProblem(
      1,
      `The file that a server leaves for the commands beside it cannot be removed (${error.message}). Remove it, then start the server.`,
    );
  });

/** Lets a running server be told to read its currencies and rates again; what comes of it is logged, and left for who asked. Throws CommandProblem. */
export async function beginReloading(
  server: Pick<RunningServer, 'reloadRates'>,
  { path, about, logger }: { readonly path: string; readonly about: ServerAbout; readonly logger: Logger },
): Promise<Reloading> {
  const { pid } = process;
  let reloads = 0;
  // A full disk keeps no server from starting: whoever looks for what it has left there is told that there is none.
  const leave = (last: RunningState['last']): Promise<void> =>
    writeRunning(path, { pid, about, reloads, last }).catch((error: Error) =>
      logger.error(`commands beside this server cannot find it: ${error.message}`),
    );
  await clear(path);
  let work = leave(null);
  await work;

  async function reloadOnce(): Promise<void> {
    const last = await server.reloadRates().then(
      (text) => ({ isDone: true, text }),
      (error: Error) => ({ isDone: false, text: error.message }),
    );
    if (last.isDone) {
      logger.info(`the currencies and rates were read again: ${last.text}`);
    } else {
      logger.error(`the currencies and rates stay as they were: ${last.text}`);
    }
    reloads += 1;
    await leave(last);
  }

  return {
    reload() {
      work = work.then(reloadOnce);
    },
    async end() {
      await work;
      await clear(path);
    },
  };
}
