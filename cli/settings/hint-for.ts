import { commandAt } from '../terminal/text/as-called.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import type { AccountSources } from './account.js';

export type AccountFlags = AccountSources['flags'];

const accountWords = ({ profile, server }: AccountFlags): readonly string[] =>
  Object.entries({ '--profile': profile, '--server': server }).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, value],
  );

/** The command of these words for the account that these flags mean, as they were given to another command. */
export function accountCommand(words: readonly string[], flags: AccountFlags): string {
  return shellCommand(['pay', ...words, ...accountWords(flags)]);
}

const ofNoAccount = /^pay (?:profiles|completion)\b| --help$/;
const namesAccount = / --(?:profile|server)[ =]/;

/** A hint whose command, which it ends with, is for the account that these flags mean, unless it names one itself or is of none. */
export function hintFor(flags: AccountFlags, hint: string): string {
  const at = hint.startsWith('pay ') ? 0 : commandAt(hint);
  const command = at === undefined ? '' : hint.slice(at);
  const words = accountWords(flags);
  const isMeant = command.startsWith('pay ') && !ofNoAccount.test(command) && !namesAccount.test(command);
  if (at === undefined || words.length === 0 || !isMeant) {
    return hint;
  }
  // Before its own flags: the last of them may still want a value.
  const [verb = ''] = command.split(' -', 1);
  return `${hint.slice(0, at)}${verb} ${shellCommand(words)}${command.slice(verb.length)}`;
}
