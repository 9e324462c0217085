import { shown } from '../text/shown.js';
import {
  createPrompt,
  isDownKey,
  isEnterKey,
  isTabKey,
  isUpKey,
  makeTheme,
  useKeypress,
  usePrefix,
  useState,
} from './inquirer.js';
import type { Suggestion, TypedQuestion } from './prompts.js';

export type TypedText = Required<Omit<TypedQuestion, 'flag'>>;
type Key = Parameters<typeof isUpKey>[0];

function stepOf(key: Key): number {
  if (isUpKey(key)) {
    return -1;
  }
  return isDownKey(key) || isTabKey(key) ? 1 : 0;
}

/** The suggestion so many steps further; from none, the first or the last one. */
function stepped(suggestions: readonly Suggestion[], at: number, step: number): Suggestion | undefined {
  const from = at < 0 && step < 0 ? 0 : at;
  return suggestions.at((from + step) % Math.max(1, suggestions.length));
}

/**
 * A line of text with suggestions and a remark below it, which follow what is typed. The arrows and Tab put a suggestion into
 * the line; Enter takes what stands in the line and never anything else.
 */
export const typedText = createPrompt<string, TypedText>(({ message, suggest, below, validate }, done) => {
  const theme = makeTheme();
  const [status, setStatus] = useState<'idle' | 'done'>('idle');
  const [line, setLine] = useState('');
  // What was typed by hand goes on saying what is suggested, while the arrows change the line.
  const [wanted, setWanted] = useState('');
  const [fault, setFault] = useState('');
  const prefix = usePrefix({ status, theme });
  const suggestions = suggest(wanted.trim());
  const at = suggestions.findIndex(({ value }) => value === line);

  useKeypress((key, readline) => {
    const step = stepOf(key);
    if (isEnterKey(key)) {
      const judged = validate(line.trim());
      if (judged === true) {
        setLine(line.trim());
        setStatus('done');
        done(line.trim());
        return;
      }
      // Enter has emptied the line, which is to be mended and not typed again.
      readline.write(line);
      setFault(judged);
    } else if (step !== 0) {
      const next = stepped(suggestions, at, step)?.value ?? line;
      readline.clearLine(0);
      readline.write(next);
      setLine(next);
      setFault('');
    } else {
      setLine(readline.line);
      setWanted(readline.line);
      setFault('');
    }
  });

  if (status === 'done') {
    return `${prefix} ${theme.style.message(message, status)} ${theme.style.answer(line)}`;
  }
  const listed = suggestions.map(({ text }, index) =>
    index === at ? theme.style.highlight(shown`❯ ${text}`.text) : shown`  ${text}`.text,
  );
  const remark = fault === '' ? shown`${below(line.trim())}`.text : theme.style.error(fault);
  return [
    `${prefix} ${theme.style.message(message, status)} ${line}`,
    [...listed, remark].filter((text) => text !== '').join('\n'),
  ];
});
