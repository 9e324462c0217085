import { exitStatuses, type FailureKind } from '../failure/exit-status.js';
import type { Failure, FailureDetails } from '../failure/failure.js';
import type { Output } from './output.js';
import type { Screen } from './screen.js';
import { talkText } from './talk.js';
import { wordsAsCalled } from './text/as-called.js';
import { asItStands, joined, type Shown, shown } from './text/shown.js';
import { safeJson } from './text/visible.js';
import { wordsBeforeEnd } from './text/words-before-end.js';

/** Whether the words of a command line, which may be none that can be read, ask for JSON. */
export function wordsAskForJson(words: readonly string[]): boolean {
  return wordsBeforeEnd(words).some((word) => /^--(?:json$|(?:fields|jq)(?:=|$))/.test(word));
}

/** What to type next, as it is typed here. */
interface Typed {
  readonly next: readonly string[];
  readonly settle: string | undefined;
}

function typedHere({ next = [], settle }: FailureDetails, calledAs: string): Typed {
  const typed = (line: string) => wordsAsCalled(line, calledAs);
  return { next: next.map(typed), settle: settle === undefined ? undefined : typed(settle) };
}

function failureJson({ kind, message, details }: Failure, typed: Typed): object {
  const local = {
    type: `urn:pay:command:${kind}`,
    title: exitStatuses[kind].meaning,
    detail: [message, ...(details.below ?? [])].join('\n'),
    code: kind.toUpperCase().replaceAll('-', '_'),
  };
  return {
    ...(details.problem ?? local),
    ...details.figures,
    ...(typed.settle !== undefined && { settle: typed.settle }),
    ...(typed.next.length > 0 && { next: typed.next }),
  };
}

/** The mark before a failure. To interrupt is what the person wanted, so that nothing has gone wrong. */
function markOf(kind: FailureKind, pen: Screen['pen']): Shown {
  const marks = { unknown: pen.yellow('?'), interrupted: pen.dim('–') };
  return kind === 'unknown' || kind === 'interrupted' ? marks[kind] : pen.red('✗');
}

async function failureText(
  { kind, message, details }: Failure,
  { next }: Typed,
  screen: Screen,
): Promise<Shown> {
  const { pen } = screen;
  const mark = markOf(kind, pen);
  // The sentence of the refusal says what is wrong with a single field already.
  const several = details.fields !== undefined && details.fields.length > 1 ? details.fields : [];
  const fields = several.map(({ field, message }) => shown`  ${pen.bold(field)} ${message}`);
  const hints = next.map((line) => shown`  ${pen.dim('→')} ${line}`);
  const lines = [shown`${mark} ${message}`, ...(details.below ?? []), ...fields, ...hints];
  return shown`${await talkText(joined(lines, '\n'), screen)}\n`;
}

/** Says on stderr what happened, why, and what to type next; as one JSON problem document with `--json`. */
export async function tellFailure(
  failure: Failure,
  { stderr, calledAs }: Pick<Output, 'stderr' | 'calledAs'>,
  isJson: boolean,
): Promise<void> {
  const typed = typedHere(failure.details, calledAs);
  await stderr.write(
    isJson
      ? asItStands(`${safeJson(failureJson(failure, typed))}\n`)
      : await failureText(failure, typed, stderr),
  );
}
