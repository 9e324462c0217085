import type { Command } from 'commander';
import type { Run, Start } from '../command.js';
import { withExamples } from '../help/help.js';

interface ShellOptions {
  readonly keepGoing?: true;
}

const shell: Run<ShellOptions> = async (context, _operands, { keepGoing }) => {
  const { makeShell } = await import('./make-shell.js');
  const made = makeShell(context);
  try {
    if (context.prompts.canAsk) {
      const { runInTerminal } = await import('./run-in-terminal.js');
      await runInTerminal(context, made);
    } else {
      const { runScript } = await import('./run-script.js');
      await runScript(made, context.isJson, keepGoing === true);
    }
  } finally {
    await made.shared.close();
  }
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay shell                        commands without "pay", one after the other',
    'pay shell < month-end.pay        a script: a command a line, # comments; stops at the first failure',
    'pay shell --keep-going < script  runs all of it, then ends with the status of the first failure',
    'pay shell --json < script        JSON of every command',
  ])
    .option('--keep-going', 'go on after a failure, when reading a script')
    .action(start(shell));
}
