import { createPrompt, isEnterKey, makeTheme, useKeypress, usePrefix, useState } from './inquirer.js';

export interface HiddenText {
  readonly message: string;
  /** True, or a sentence that says what is wrong; the answer is then typed anew from the beginning. */
  readonly validate: (answer: string) => Promise<true | string>;
}

/**
 * A line of text that nobody sees. A refused one is emptied, as what nobody sees cannot be mended, and the question stays: between
 * two questions the terminal would echo what is typed.
 */
export const hiddenText = createPrompt<string, HiddenText>(({ message, validate }, done) => {
  const theme = makeTheme();
  const [status, setStatus] = useState<'idle' | 'loading' | 'done'>('idle');
  const [line, setLine] = useState('');
  const [fault, setFault] = useState('');
  const prefix = usePrefix({ status, theme });

  useKeypress(async (key, readline) => {
    if (status !== 'idle') {
      return;
    }
    if (!isEnterKey(key)) {
      setLine(readline.line);
      setFault('');
      return;
    }
    setStatus('loading');
    const judged = await validate(line);
    if (judged === true) {
      setStatus('done');
      done(line);
      return;
    }
    // What was typed while the answer was being judged is not a part of the next one.
    readline.clearLine(0);
    setLine('');
    setFault(judged);
    setStatus('idle');
  });

  const shown = `${prefix} ${theme.style.message(message, status)}`;
  return [status === 'done' ? shown : `${shown} `, fault && theme.style.error(fault)];
});
