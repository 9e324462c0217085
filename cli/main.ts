import type { CommandLine, Surroundings } from './context.js';
import { exitStatuses } from './exit-status.js';
import { Failure } from './failure.js';
import type { Kept } from './kept.js';

interface CommanderError extends Error {
  readonly code: string;
  readonly exitCode: number;
}

function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && String((error as Partial<CommanderError>).code).startsWith('commander.');
}

/** What commander says of a command line that it cannot read, in the form of every other failure. */
function usageFailure(error: CommanderError, words: readonly string[]): Failure {
  const [text = '', ...hints] = error.message.replace(/^error: /, '').split('\n');
  const isUnknownCommand = error.code === 'commander.unknownCommand';
  // Below a command that is known, its own help names what there is.
  const path = (isUnknownCommand ? words.slice(0, 1) : words)
    .filter((word) => /^[a-z]/.test(word) && !(isUnknownCommand && text.includes(`'${word}'`)))
    .slice(0, 1);
  const help = `See: ${['pay', ...path, '--help'].join(' ')}`;
  if (error.code === 'commander.help') {
    return new Failure('usage', 'A command is missing.', { next: [help] });
  }
  const message = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return new Failure('usage', message.endsWith('.') ? message : `${message}.`, {
    next: [...hints.map((hint) => hint.replace(/^\(|\)$/g, '')), help],
  });
}

function failureFrom(error: unknown, words: readonly string[]): Failure {
  if (error instanceof Failure) {
    return error;
  }
  if (isCommanderError(error)) {
    return usageFailure(error, words);
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

function commandLineOf(surroundings: Surroundings, kept: Kept | undefined): CommandLine {
  const commandLine: CommandLine = {
    attempt,
    async describe(words) {
      const { makeProgram } = await import('./program.js');
      return (await makeProgram(words, surroundings, { commandLine, kept })).program;
    },
  };
  return commandLine;
}

async function runProgram(
  words: readonly string[],
  surroundings: Surroundings,
  kept: Kept | undefined,
): Promise<void> {
  const { makeProgram } = await import('./program.js');
  const commandLine = commandLineOf(surroundings, kept);
  const { program, called, help } = await makeProgram(words, surroundings, { commandLine, kept });
  try {
    await program.parseAsync([...called], { from: 'user' });
  } finally {
    // Help and version are printed by commander, which would not hear that they could not be.
    await surroundings.stdout.write(help());
  }
}

async function run(words: readonly string[], surroundings: Surroundings, kept?: Kept): Promise<void> {
  const [name, ...topic] = words;
  if (name === 'help' && topic.length > 0 && topic.every((word) => !word.startsWith('-'))) {
    const { showHelp } = await import('./help/show-help.js');
    await showHelp(topic, surroundings, commandLineOf(surroundings, kept));
    return;
  }
  await runProgram(words, surroundings, kept);
}

/** Runs one command line (without "pay") and gives how it failed, if it did. */
async function attempt(
  words: readonly string[],
  surroundings: Surroundings,
  kept?: Kept,
): Promise<Failure | undefined> {
  try {
    await run(words, surroundings, kept);
    return undefined;
  } catch (error) {
    return isCommanderError(error) && error.exitCode === 0 ? undefined : failureFrom(error, words);
  }
}

/**
 * Runs one command line (without "pay") and gives its exit status, after telling on stderr of a failure. The only
 * place where errors become exit statuses.
 */
export async function main(words: readonly string[], surroundings: Surroundings): Promise<number> {
  if (words[0] === 'complete') {
    // What the completion scripts call; a person has no use for it.
    const { complete } = await import('./completion/answer.js');
    await complete(words.slice(1), surroundings, commandLineOf(surroundings, undefined));
    return exitStatuses.done.status;
  }
  const failure = await attempt(words, surroundings);
  if (failure === undefined) {
    return exitStatuses.done.status;
  }
  const { tellFailure, wordsAskForJson } = await import('./terminal/tell-failure.js');
  await tellFailure(failure, surroundings.stderr, wordsAskForJson(words));
  if (words.includes('--debug') && failure.details.cause instanceof Error) {
    await surroundings.stderr.write(`${failure.details.cause.stack ?? failure.details.cause.message}\n`);
  }
  return exitStatuses[failure.kind].status;
}

/** Runs the command line of this process and ends it with the exit status. */
export async function runProcess(process: NodeJS.Process): Promise<void> {
  process.once('uncaughtException', (error) => {
    // The last resort: a message instead of a stack trace. Unsettled payments are on the disk.
    process.stderr.write(
      `✗ Something is wrong inside pay, and it is not known what came of this: ${error.message}\n`,
    );
    process.exit(exitStatuses.unknown.status);
  });
  const { surroundingsOf } = await import('./process.js');
  const surroundings = surroundingsOf(process);
  process.exitCode = await main(process.argv.slice(2), surroundings);
  if (surroundings.signal.aborted || process.argv[2] === 'complete') {
    // Whatever still waits for input or an answer must not hold an interrupted command, or a completion that is told already.
    process.exit();
  }
}
