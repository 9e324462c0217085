import type { MoneyJson } from '../../server/money/wire.js';
import { exitStatuses, type FailureKind } from '../failure/exit-status.js';
import { moneyText } from '../terminal/money.js';
import type { Screen } from '../terminal/screen.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';

/** The state of the account that the prompt tells. */
export interface PromptState {
  /** The name of the profile; undefined where nobody is logged in, or only a token is known. */
  readonly name: string | undefined;
  readonly balance: MoneyJson | undefined;
  readonly link: 'online' | 'offline' | 'logged-out';
}

/** The prompt: who pays from what, whether the server is there, and the exit status of a command that failed. */
export function promptText(
  { name, balance, link }: PromptState,
  lastFailure: FailureKind | undefined,
  { pen }: Pick<Screen, 'pen'>,
  locale?: string,
): Shown {
  const status = lastFailure === undefined ? undefined : String(exitStatuses[lastFailure].status);
  const words = [
    link === 'logged-out' ? pen.yellow('logged out') : pen.bold(name ?? 'pay'),
    ...(balance && link !== 'logged-out' ? [moneyText(balance, locale)] : []),
    ...(link === 'offline' ? [pen.yellow('offline')] : []),
    ...(status === undefined ? [] : [pen.red(status)]),
  ];
  return shown`${joined(words, ' ')} ${status === undefined ? pen.green('›') : pen.red('›')} `;
}

/** The prompt of a line that goes on with one that is not whole. */
export const continuedPrompt = shown`> `;
