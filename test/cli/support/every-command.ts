import { Command } from 'commander';
import type { Start } from '../../../cli/command.js';
import { commands } from '../../../cli/program/commands.js';

/** Does nothing, and marks what it is handed to as something that can be run. */
const start: Start = () => async () => undefined;

function runnable(command: Command, path: readonly string[]): string[] {
  // A command that only has others below it has nothing to be run.
  const { _actionHandler: action } = command as unknown as { readonly _actionHandler: unknown };
  return [
    ...(action ? [path.join(' ')] : []),
    ...command.commands.flatMap((below) => runnable(below, [...path, below.name()])),
  ];
}

/** The commands that can be run, from the table of commands: "send", "requests accept" and so on. */
export async function everyCommand(): Promise<readonly string[]> {
  const names = await Promise.all(
    commands.map(async ({ name, load }) => {
      const command = new Command(name);
      (await load()).define(command, start);
      return runnable(command, [name]);
    }),
  );
  return names.flat();
}
