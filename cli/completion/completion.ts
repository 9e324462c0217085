import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { withExamples, withNotes } from '../help/help.js';
import { packageFile } from '../package-file.js';
import { show } from '../terminal/show.js';
import { asItStands } from '../terminal/text/shown.js';

const shells = ['bash', 'zsh', 'fish'];

/** The shell that the person has, as far as it is known. */
function usualShell({ environment }: Context): string {
  const own = basename(environment.SHELL ?? '');
  return shells.includes(own) ? own : 'bash';
}

const completion: Run<object> = async (context, [shell]) => {
  if (shell === undefined || !shells.includes(shell)) {
    const what = shell === undefined ? 'Which shell is it for?' : `There is no completion for ${shell}.`;
    throw new Failure('usage', `${what} There is one for bash, zsh and fish.`, {
      next: [`Write: pay completion ${usualShell(context)}`, 'How to install it: pay completion --help'],
    });
  }
  const script = await readFile(packageFile(`dist/completion/pay.${shell}`), 'utf8');
  if (context.isJson) {
    await show(context, { json: { shell, script }, people: () => asItStands(script), machine: () => [] });
    return;
  }
  await context.stdout.write(asItStands(script));
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'source <(pay completion bash)                                    in ~/.bashrc',
    'source <(pay completion zsh)                                     in ~/.zshrc, after compinit',
    'pay completion fish > ~/.config/fish/completions/pay.fish        once',
  ]);
  withNotes(command, [
    'Tab completes commands, flags and their values, and what is yours: whom you have dealt with, requests that are ' +
      'pending, payments, currencies, profiles. These are asked of the server at most once a minute, kept in the folder ' +
      'of your sessions where only you can read them, and forgotten when you log out. Tab never asks anything, and where ' +
      'the server is not there it completes what it knows.',
  ]);
  command.argument('[shell]', 'bash, zsh or fish').action(start(completion));
}
