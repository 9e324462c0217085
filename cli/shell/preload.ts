import { setImmediate as turn } from 'node:timers/promises';
import type { CommandLine } from '../context.js';

/** Loads what commands will need while nobody waits, a piece at a turn, so that keys come through. */
export async function preload({ describe }: CommandLine, signal: AbortSignal): Promise<void> {
  const { commands } = await describe([]);
  const loads = [
    ...commands.map((command) => () => describe([command.name()])),
    () => import('../terminal/table.js'),
    () => import('../terminal/prompts/inquirer.js'),
    () => import('../terminal/tell-failure.js'),
  ];
  for (const load of loads) {
    await turn();
    if (signal.aborted) {
      return;
    }
    await load();
  }
}
