import type { CommandLine, GlobalFlags, Runtime } from '../context.js';
import { Failure } from '../failure/failure.js';
import { flagWords } from '../global-flags.js';
import type { SharedResources } from '../shared-resources.js';
import { joined, shown } from '../terminal/text/shown.js';

/** The end of a line: well, with a failure, or with a request to leave the shell. */
export type LineEnd = { readonly failure?: Failure; readonly isLeaving?: true };

export interface LineRunner {
  readonly commandLine: CommandLine;
  readonly runtime: Runtime;
  readonly shared: SharedResources;
  /** The flags of the shell, which hold for every command in it. */
  readonly flags: GlobalFlags;
}

const builtIns = [
  ['help <command>', 'help for a command or a topic; help alone shows all of them'],
  ['clear', 'clear the screen'],
  ['exit, quit', 'leave, as Ctrl-D does'],
] as const;

/** The words without the `pay` that commands have outside, so that what was printed or copied works in here. */
export function withoutPay(words: readonly string[]): readonly string[] {
  return words[0] === 'pay' && words.length > 1 ? words.slice(1) : words;
}

async function showHelp({ runtime: { stdout } }: LineRunner): Promise<void> {
  const { pen } = stdout;
  const lines = builtIns.map(([term, text]) => shown`  ${pen.bold(term.padEnd(14))}  ${text}\n`);
  await stdout.write(shown`\nIn this shell, commands are written without "pay". Besides:\n${joined(lines)}`);
}

function refuseInside(name: string): Failure | undefined {
  if (name === 'shell' || name === 'completion') {
    const what =
      name === 'shell'
        ? 'This is a shell already.'
        : 'Completion is for the shell outside: here, Tab completes.';
    return new Failure('usage', what, { next: ['See: help'] });
  }
  return undefined;
}

async function clear({ runtime: { stdout, stderr } }: LineRunner): Promise<void> {
  const screen = stdout.isTerminal ? stdout : stderr;
  if (screen.isTerminal) {
    await screen.write(shown`\u001b[H\u001b[2J\u001b[3J`);
  }
}

/** Runs the words of one line as a command of pay, or as one of the shell itself. The failure is the caller's to tell. */
export async function runWords(
  runner: LineRunner,
  given: readonly string[],
  signal: AbortSignal,
): Promise<LineEnd> {
  const { commandLine, runtime, shared, flags } = runner;
  const words = withoutPay(given);
  const [name = ''] = words;
  const refusal = refuseInside(name);
  if (refusal) {
    return { failure: refusal };
  }
  if ((name === 'exit' || name === 'quit') && words.length === 1) {
    return { isLeaving: true };
  }
  if (name === 'clear' && words.length === 1) {
    await clear(runner);
    return {};
  }
  // The answer of help is text in any case.
  const before = name === 'help' ? [] : flagWords(flags);
  const failure = await commandLine.attempt([...before, ...words], { ...runtime, signal }, shared);
  if (name === 'help' && words.length === 1) {
    await showHelp(runner);
  }
  return failure ? { failure } : {};
}
