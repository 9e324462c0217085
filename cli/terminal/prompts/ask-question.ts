import { Failure } from '../../failure/failure.js';
import type { Input } from '../input.js';
import type { Screen } from '../screen.js';
import type { HiddenText } from './hidden-text.js';
import type { DistinctQuestion } from './inquirer.js';
import { promptOutput } from './prompt-output.js';
import type { TypedText } from './typed-text.js';

export interface PromptParts {
  readonly stdin: Input;
  readonly stderr: Screen;
  readonly signal: AbortSignal;
}

/** A question as inquirer takes it, but for the name under which it gives the one answer. */
export type Asked =
  | Unnamed<DistinctQuestion>
  | ({ readonly type: 'typed' } & TypedText)
  | ({ readonly type: 'hidden' } & HiddenText);
type Unnamed<Question> = Question extends unknown ? Omit<Question, 'name'> : never;

function interrupted(error: unknown): unknown {
  const name = error instanceof Error ? error.name : '';
  return name === 'ExitPromptError' || name === 'AbortPromptError' || name === 'CancelPromptError'
    ? new Failure('interrupted', 'Interrupted. Nothing happened.')
    : error;
}

/** Puts one question to the person at the terminal. @throws Failure (interrupted) where it is dropped instead of answered */
export async function askQuestion<Answer>(
  question: Asked,
  { stdin, stderr, signal }: PromptParts,
): Promise<Answer> {
  const { createPromptModule } = await import('./inquirer.js');
  const { hiddenText } = await import('./hidden-text.js');
  const { typedText } = await import('./typed-text.js');
  if (signal.aborted) {
    // A question that is put after the interruption would never end.
    throw new Failure('interrupted', 'Interrupted. Nothing happened.');
  }
  const closed = new AbortController();
  // Ctrl-D closes the input of a question, which then would wait for ever. After an answer nobody heeds it any more.
  const close = () => setImmediate(() => closed.abort());
  stdin.once('pause', close);
  try {
    const either = AbortSignal.any([signal, closed.signal]);
    const prompt = createPromptModule({ input: stdin, output: promptOutput(stderr), signal: either });
    prompt.registerPrompt('typed', typedText);
    prompt.registerPrompt('hidden', hiddenText);
    const { answer } = await prompt<{ answer: Answer }>([{ ...question, name: 'answer' }]);
    return answer;
  } catch (error) {
    throw interrupted(error);
  } finally {
    stdin.off('pause', close);
  }
}
