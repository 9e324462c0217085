import type { CommanderError } from 'commander';
import type { CommandLine, Runtime } from '../context.js';
import { exitStatuses } from '../failure/exit-status.js';
import { Failure } from '../failure/failure.js';
import type { SharedResources } from '../shared-resources.js';
import { withoutColours } from '../terminal/screen.js';
import { asItStands, joined, shown } from '../terminal/text/shown.js';
import { wordsBeforeEnd } from '../terminal/text/words-before-end.js';

function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && String((error as Partial<CommanderError>).code).startsWith('commander.');
}

async function failureFrom(error: unknown): Promise<Failure> {
  if (error instanceof Failure) {
    return error;
  }
  if (isCommanderError(error)) {
    const { usageFailure } = await import('./usage-failure.js');
    return usageFailure(error);
  }
  if ((error as NodeJS.ErrnoException | undefined)?.syscall === 'uv_cwd') {
    // Paths are read before anything is sent.
    return new Failure('usage', 'The folder that this runs in is gone. Nothing happened.', {
      next: ['Go to another: cd'],
      cause: error,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(
    'unknown',
    `Something is wrong inside pay, and it is not known what came of this: ${message}`,
    {
      next: ['See what happened: pay history', 'Report it, with what --debug shows.'],
      cause: error,
    },
  );
}

/** The runtime as the words want it, without colours where the words ask for that: told before they are read, for errors in them, too. */
function asSeen(words: readonly string[], given: Runtime): Runtime {
  if (!wordsBeforeEnd(words).includes('--no-color')) {
    return given;
  }
  return { ...given, stdout: withoutColours(given.stdout), stderr: withoutColours(given.stderr) };
}

function commandLineOf(runtime: Runtime, shared: SharedResources | undefined): CommandLine {
  const commandLine: CommandLine = {
    attempt: (words, given, shared) => attempt(words, asSeen(words, given), shared),
    async describe(words) {
      const { makeProgram } = await import('./program.js');
      return (await makeProgram(words, runtime, { commandLine, shared, print: () => {} })).program;
    },
  };
  return commandLine;
}

async function runProgram(
  words: readonly string[],
  runtime: Runtime,
  shared: SharedResources | undefined,
): Promise<void> {
  const { makeProgram } = await import('./program.js');
  const commandLine = commandLineOf(runtime, shared);
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  try {
    const { program, called } = await makeProgram(words, runtime, { commandLine, shared, print });
    await program.parseAsync([...called], { from: 'user' }).catch(async (error: unknown) => {
      if (isCommanderError(error) && error.exitCode !== 0) {
        const { usageFailure } = await import('./usage-failure.js');
        throw usageFailure(error, program);
      }
      throw error;
    });
  } finally {
    // Help and version are printed by commander, which would not hear that they could not be. Where there are none, nothing is written:
    // to fail at that would hide how the command has failed.
    if (printed.length > 0) {
      await runtime.stdout.write(asItStands(printed.join('')));
    }
  }
}

async function run(words: readonly string[], runtime: Runtime, shared?: SharedResources): Promise<void> {
  const [name, ...topic] = words;
  if (name === 'help' && topic.length > 0) {
    const { showHelp } = await import('../help/show-help.js');
    const { describeProgram } = await import('./program.js');
    // Flags that every command has change nothing about help, and are no part of what it is asked about.
    const { operands } = describeProgram().parseOptions(topic);
    await showHelp(operands, runtime, commandLineOf(runtime, shared));
    return;
  }
  await runProgram(words, runtime, shared);
}

/** Runs one command line (without "pay") and gives how it failed, if it did. */
async function attempt(
  words: readonly string[],
  runtime: Runtime,
  shared?: SharedResources,
): Promise<Failure | undefined> {
  try {
    await run(words, runtime, shared);
    return undefined;
  } catch (error) {
    return isCommanderError(error) && error.exitCode === 0 ? undefined : await failureFrom(error);
  }
}

/**
 * Runs one command line (without "pay") and gives its exit status, after telling on stderr of a failure. The only
 * place where errors become exit statuses.
 */
export async function main(words: readonly string[], given: Runtime): Promise<number> {
  const runtime = asSeen(words, given);
  if (words[0] === 'complete') {
    // The flag of the completion scripts; a person has no use for it.
    const { complete } = await import('../completion/answer.js');
    await complete(words.slice(1), runtime, commandLineOf(runtime, undefined));
    return exitStatuses.done.status;
  }
  const failure = await attempt(words, runtime);
  if (failure === undefined) {
    return exitStatuses.done.status;
  }
  const { tellFailure, wordsAskForJson } = await import('../terminal/tell-failure.js');
  await tellFailure(failure, runtime, wordsAskForJson(words));
  if (wordsBeforeEnd(words).includes('--debug') && failure.details.cause instanceof Error) {
    const lines = (failure.details.cause.stack ?? failure.details.cause.message).split('\n');
    await runtime.stderr.write(shown`${joined(lines, '\n')}\n`);
  }
  return exitStatuses[failure.kind].status;
}

/** Runs the command line of this process, called as people type it here, and ends it with the exit status. */
export async function runProcess(process: NodeJS.Process, calledAs = 'pay'): Promise<void> {
  process.once('uncaughtException', (error) => {
    // The last resort: a message instead of a stack trace. Unsettled payments are on the disk.
    process.stderr.write(
      `✗ Something is wrong inside pay, and it is not known what came of this: ${error.message}\n`,
    );
    process.exit(exitStatuses.unknown.status);
  });
  const { runtimeOf } = await import('./process.js');
  const runtime = runtimeOf(process, calledAs);
  const noEnd = () => {
    process.exitCode = exitStatuses.unknown.status;
  };
  // Should there be nothing left to wait for before the command is over, that is no success.
  process.once('exit', noEnd);
  process.exitCode = await main(process.argv.slice(2), runtime);
  process.off('exit', noEnd);
  if (runtime.signal.aborted || process.argv[2] === 'complete') {
    // Whatever still waits for input or an answer must not hold an interrupted command, or a completion that is told already.
    process.exit();
  }
}
