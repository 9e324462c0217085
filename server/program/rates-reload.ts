import { setTimeout as sleep } from 'node:timers/promises';
import { shownPlace } from '../../db/postgres/place.js';
import { besideServer } from '../compose/beside-server.js';
import { findRunning, type RunningState, readRunning } from '../compose/running-server.js';
import { readSettings } from '../read-settings.js';
import type { ServerFlags } from '../settings.js';
import { CommandProblem } from './command/command-problem.js';
import type { ServerCommandContext, ServerProgram } from './command/server-command.js';
import { addSettings, dataSettings } from './command/setting-options.js';

/** How long the server may take to read its rates: longer than another conversion service may take for all of them. */
const deadlineMs = 20_000;
const lookEveryMs = 50;

type Flags = Pick<ServerFlags, 'data' | 'databaseUrl'>;

export function addRatesReload({ program, context, act }: ServerProgram): void {
  const rates = program.command('rates').description('the currencies and rates of a running server');
  const command = rates
    .command('reload')
    .description(
      'have the running server read its currencies and rates again, and allow what another conversion service says',
    );
  addSettings(command, dataSettings).action(act((flags: Flags) => reload(flags, context)));
}

/** Throws CommandProblem where no server runs: a number left by a dead one may be somebody else's. */
async function needRunning(path: string, shown: string): Promise<RunningState> {
  const state = await findRunning(path);
  if (state === undefined) {
    throw new CommandProblem(
      1,
      `No pay-server is running on ${shown}. The currencies and rates are read when it starts.`,
    );
  }
  return state;
}

async function nextOutcome(path: string, before: RunningState): Promise<RunningState['last']> {
  for (const endMs = Date.now() + deadlineMs; Date.now() < endMs; await sleep(lookEveryMs)) {
    const now = await readRunning(path);
    if (now && now.reloads > before.reloads) {
      return now.last;
    }
  }
  return null;
}

async function reload(flags: Flags, context: ServerCommandContext): Promise<number> {
  const settings = readSettings(flags, context.environment);
  const path = besideServer(settings);
  if (process.platform === 'win32') {
    throw new CommandProblem(1, 'On Windows a running server cannot be told. Start it again instead.');
  }
  const running = await needRunning(path, shownPlace(settings.databasePath));
  process.kill(running.pid, 'SIGHUP');
  const outcome = await nextOutcome(path, running);
  if (outcome === null) {
    throw new CommandProblem(1, 'The server has not answered. Look into its log.');
  }
  if (!outcome.isDone) {
    throw new CommandProblem(1, `The currencies and rates stay as they were: ${outcome.text}`);
  }
  context.stdout.write(`In force now: ${outcome.text}.\n`);
  return 0;
}
