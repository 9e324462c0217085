import { Command } from 'commander';
import type { Start } from '../command.js';
import type { CommandLine, Runtime } from '../context.js';
import { addGlobalFlags, asksForJson, globalFlagsOf } from '../global-flags.js';
import { formatHelp, withExamples } from '../help/help.js';
import type { SharedResources } from '../shared-resources.js';
import { wordsAsCalled } from '../terminal/text/as-called.js';
import { version } from '../version.js';
import { type CommandEntry, commands } from './commands.js';

/** The command that an action was called for: commander hands it over last. */
function calledCommand(words: readonly unknown[]): Command {
  const command = words.at(-1);
  if (!(command instanceof Command)) {
    throw new TypeError('an action was called without its command');
  }
  return command;
}

function keepsConnectionWith(
  { keepsConnection }: CommandEntry,
  options: Readonly<Record<string, unknown>>,
): boolean {
  return typeof keepsConnection === 'object'
    ? keepsConnection.some((name) => options[name] !== undefined)
    : keepsConnection === true;
}

export interface ProgramParts {
  readonly commandLine: CommandLine;
  /** What the commands of a shell share. */
  readonly shared: SharedResources | undefined;
  /** Takes the help or the version that was asked for. */
  readonly print: (text: string) => void;
}

/**
 * Runs an action with a context made from the runtime and the flags, and closes its connection behind it. What fails for want
 * of a session says how this account gets one.
 */
function makeStart(runtime: Runtime, entry: CommandEntry, parts: ProgramParts): Start {
  return (run, answer) =>
    async (...words) => {
      const command = calledCommand(words);
      const { makeContext } = await import('../make-context.js');
      const { context, changed, close } = await makeContext(runtime, globalFlagsOf(command), {
        ...parts,
        keepsConnection: keepsConnectionWith(entry, command.opts()),
        answer: (prompts) => (typeof answer === 'function' ? answer(command.opts(), prompts) : answer),
      });
      try {
        await run(context, command.processedArgs.flat() as (string | undefined)[], command.opts());
      } catch (error) {
        const { withAccountHints } = await import('./account-hints.js');
        const { lostAfterChange } = await import('./lost-after-change.js');
        throw await withAccountHints(lostAfterChange(error, changed()), context);
      } finally {
        await close();
      }
    };
}

function addGlobalFlagsBelow(command: Command): void {
  addGlobalFlags(command);
  command.commands.forEach(addGlobalFlagsBelow);
}

async function fill(command: Command, entry: CommandEntry, start: Start): Promise<void> {
  const { define } = await entry.load();
  define(command, start);
  addGlobalFlagsBelow(command);
}

/** The words as they are meant: without a command, `home` on a terminal, and help elsewhere. */
function meant(program: Command, words: readonly string[], { stdout }: Runtime): readonly string[] {
  const { operands, unknown } = program.parseOptions([...words]);
  if (operands.length > 0 || unknown.length > 0) {
    return words;
  }
  return [...words, stdout.isTerminal || asksForJson(program.opts()) ? 'home' : '--help'];
}

function calledEntry(program: Command, words: readonly string[]): CommandEntry | undefined {
  const { operands } = program.parseOptions([...words]);
  const name = operands[0] === 'help' ? operands[1] : operands[0];
  return commands.find((entry) => entry.name === name);
}

export interface Program {
  readonly program: Command;
  /** The words to run it with. */
  readonly called: readonly string[];
}

/** The program without its commands. */
export function describeProgram(): Command {
  const program = new Command('pay')
    .summary('Pay people, from the command line.')
    .usage('<command> [options]')
    .version(version(), '-V, --version', 'the version')
    .helpOption('-h, --help', 'help for a command')
    .addHelpCommand(
      new Command('help').argument('[topic]').summary('help for a command or a topic').helpGroup('Facts:'),
    );
  withExamples(program, [
    'pay register                        make an account',
    'pay send bob 10 --memo lunch        pay bob ten of your currency',
    'pay request bob 10 --memo lunch     ask bob for ten',
    'pay history --with bob              what went between you and bob',
  ]);
  addGlobalFlags(program);
  return program;
}

/** The program with every command named, and the one that the words call defined whole. */
export async function makeProgram(
  words: readonly string[],
  runtime: Runtime,
  parts: ProgramParts,
): Promise<Program> {
  const { stdout } = runtime;
  const program = describeProgram()
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({
      // Commander breaks no line that is narrow, and leaves it to the terminal, which breaks words.
      minWidthToWrap: 1,
      formatHelp: (command, helper) => wordsAsCalled(formatHelp(command, helper), runtime.calledAs),
    })
    // Errors are told in one place, by main.
    .configureOutput({
      writeOut: parts.print,
      writeErr: () => {},
      // The longer name that the program was called by is put in once the lines are broken.
      getOutHelpWidth: () => stdout.width - (runtime.calledAs.length - 'pay'.length),
      getOutHasColors: () => stdout.pen.level > 0,
    });
  const stubs = commands.map((entry) =>
    program.command(entry.name).summary(entry.summary).helpGroup(entry.group),
  );
  const called = meant(program, words, runtime);
  const entry = calledEntry(program, called);
  const command = stubs.find((stub) => stub.name() === entry?.name);
  if (entry && command) {
    await fill(command, entry, makeStart(runtime, entry, parts));
  }
  return { program, called };
}
