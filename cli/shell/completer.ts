import { candidatesFor } from '../completion/candidates.js';
import type { Candidate, LiveKind, LiveValues } from '../completion/live-values.js';
import { flagWords } from '../global-flags.js';
import type { Screen } from '../terminal/screen.js';
import type { Shown } from '../terminal/text/shown.js';
import { choicesText, replacement, typedWord } from './complete-line.js';
import { type LineRunner, withoutPay } from './run-words.js';

const freshMs = 30_000;
const patienceMs = 2_000;

/** The same values, asked for at most twice a minute. What fails is asked for anew. */
export function remembered(
  values: LiveValues,
  now: () => Date,
): { readonly values: LiveValues; forget(): void } {
  const known = new Map<LiveKind, { readonly atMs: number; readonly found: ReturnType<LiveValues> }>();
  return {
    values(kind) {
      const last = known.get(kind);
      const atMs = now().getTime();
      if (last && atMs - last.atMs < freshMs) {
        return last.found;
      }
      const found = values(kind);
      known.set(kind, { atMs, found });
      found.catch(() => known.delete(kind));
      return found;
    },
    forget: () => known.clear(),
  };
}

function withinPatience<Value>(work: Promise<Value>, instead: Value): Promise<Value> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(instead), patienceMs);
    const settle = (value: Value) => {
      clearTimeout(timer);
      resolve(value);
    };
    work.then(settle, () => settle(instead));
  });
}

const builtIns: readonly Candidate[] = [
  { value: 'help', description: 'help for a command or a topic' },
  { value: 'clear', description: 'clear the screen' },
  { value: 'exit', description: 'leave the shell' },
];

// Commands that make no sense inside a shell, and say so to whoever types them.
const outside: readonly string[] = ['shell', 'completion', 'help'];

async function candidates(
  { commandLine, flags }: Pick<LineRunner, 'commandLine' | 'flags'>,
  words: readonly string[],
  values: LiveValues,
): Promise<readonly Candidate[]> {
  const program = await commandLine.describe([...flagWords(flags), ...words]);
  const found = await candidatesFor(program, words, values);
  if (words.length > 1) {
    return found;
  }
  const own = builtIns.filter(({ value }) => value.startsWith(words[0] ?? ''));
  return [...found.filter(({ value }) => !outside.includes(value)), ...own];
}

/** Completes the line up to the cursor; what there is to choose from is announced. Silent where the server is not there. */
export async function completeLine(
  line: string,
  runner: Pick<LineRunner, 'commandLine' | 'flags'>,
  values: LiveValues,
  screen: Screen,
  announce: (text: Shown) => void,
): Promise<readonly [string[], string]> {
  const typed = typedWord(line);
  const words = withoutPay(typed.words);
  const found = await withinPatience(candidates(runner, words, values), []);
  if (found.length === 0) {
    return [[], ''];
  }
  const text = replacement(found, typed);
  if (text !== undefined) {
    return [[text], typed.raw];
  }
  announce(screen.pen.reset(choicesText(found, screen)));
  return [[], ''];
}
