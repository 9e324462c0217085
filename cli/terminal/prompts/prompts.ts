import { Failure } from '../../failure/failure.js';
import type { Screen } from '../screen.js';
import { talkText } from '../talk.js';
import { type Part, type Shown, shown } from '../text/shown.js';
import { visible } from '../text/visible.js';
import { type Asked, askQuestion, type PromptParts } from './ask-question.js';

export interface TextQuestion {
  readonly message: string;
  /** What to write on the command line instead; named where there is no terminal. */
  readonly flag: string;
  readonly preset?: string;
  /** What an answer must be, shown above the question. */
  readonly rule?: string;
  /** True, or a sentence that says what is wrong; the answer then stays to be mended, but for a hidden one. */
  readonly validate?: (answer: string) => true | string | Promise<true | string>;
}

export interface Suggestion {
  readonly value: string;
  /** The value with what there is to know about it, in one line. */
  readonly text: Part;
}

/** A question that shows more while it is answered. */
export interface TypedQuestion {
  readonly message: string;
  readonly flag: string;
  /** What could be meant by what is typed so far, the likeliest first. */
  readonly suggest?: (typed: string) => readonly Suggestion[];
  /** What stands below the line as it is typed. */
  readonly below?: (typed: string) => Part;
  /** True, or a sentence that says what is wrong. */
  readonly validate: (answer: string) => true | string;
}

export interface ChoiceQuestion {
  readonly message: string;
  readonly flag: string;
  readonly choices: readonly {
    readonly value: string;
    readonly name: string;
    /** The text in the place of the name once it is chosen. */
    readonly short?: string;
  }[];
}

export interface Prompts {
  /** Whether there is a person to ask: a terminal to read from and one to show the question on. */
  readonly canAsk: boolean;
  text(question: TextQuestion): Promise<string>;
  /** A line of text that is looked at while it is typed. */
  typed(question: TypedQuestion): Promise<string>;
  secret(question: TextQuestion): Promise<string>;
  /** A question that Enter alone answers with no. */
  confirm(question: { readonly message: string; readonly flag: string }): Promise<boolean>;
  /** One of many choices, found by typing a part of its name. */
  choose(question: ChoiceQuestion): Promise<string>;
  /** One of a few choices, from a list. */
  pick(question: ChoiceQuestion): Promise<string>;
  /** Shows what a question is about, above it. */
  show(text: Shown): Promise<void>;
  /** Fails at once, naming everything that is missing, where there is nobody to ask. */
  gate(missing: readonly string[]): void;
}

/** The cells of the mark that stands before what is wrong with an answer. */
const faultMark = 2;

/** Breaks what stands below a question between words; left to the terminal it would be broken inside them. */
async function belowQuestion(screen: Screen) {
  // Loaded where there is something to ask: it measures text.
  const { wrapBeside } = await import('../text/wrap.js');
  return {
    remark: (text: Part) => wrapBeside(text, 0, screen.width),
    fault: (judged: true | string) => judged === true || wrapBeside(judged, faultMark, screen.width).text,
  };
}

const visibleChoice = ({ value, name, short }: ChoiceQuestion['choices'][number]) => ({
  value,
  name: visible(name),
  ...(short !== undefined && { short: visible(short) }),
});

/** The one gate to a person: asks on stderr, and without a terminal fails at once with the name of the flag. */
export function makePrompts(parts: PromptParts): Prompts {
  const { stdin, stderr } = parts;
  const canAsk = stdin.isTTY === true && stderr.isTerminal;

  function gate(missing: readonly string[]): void {
    if (!canAsk && missing.length > 0) {
      const names = new Intl.ListFormat('en', { type: 'conjunction' }).format(missing);
      throw new Failure(
        'usage',
        `There is no terminal to ask on, and ${names} ${missing.length === 1 ? 'is' : 'are'} missing.`,
      );
    }
  }

  async function ask<Answer>(flag: string, question: Asked): Promise<Answer> {
    gate([flag]);
    return await askQuestion(question, parts);
  }

  const show = async (text: Shown) => stderr.write(shown`${await talkText(text, stderr)}\n`);

  async function showRule({ flag, rule }: TextQuestion): Promise<void> {
    gate([flag]);
    if (rule !== undefined) {
      await show(stderr.pen.dim(rule));
    }
  }

  return {
    canAsk,
    gate,
    show,
    async text(question) {
      const { flag, message, preset, validate = () => true } = question;
      await showRule(question);
      const { fault } = await belowQuestion(stderr);
      return await ask(flag, {
        type: 'input',
        message: visible(message),
        validate: async (answer: string) => fault(await validate(answer)),
        required: true,
        ...(preset !== undefined && { default: preset }),
      });
    },
    async typed({ message, flag, suggest = () => [], below = () => '', validate }) {
      const { fault, remark } = await belowQuestion(stderr);
      return await ask(flag, {
        type: 'typed',
        message: visible(message),
        suggest,
        below: (typed) => remark(below(typed)),
        validate: (answer) => fault(validate(answer)),
      });
    },
    async secret({ validate = () => true, ...question }) {
      await showRule(question);
      const { fault } = await belowQuestion(stderr);
      return await ask(question.flag, {
        type: 'hidden',
        message: visible(question.message),
        validate: async (answer) => fault(await validate(answer)),
      });
    },
    confirm: ({ message, flag }) => ask(flag, { type: 'confirm', message: visible(message), default: false }),
    choose: ({ message, flag, choices }) =>
      ask(flag, {
        type: 'search',
        message: visible(message),
        source: (term) => {
          const wanted = (term ?? '').toLowerCase();
          return choices.map(visibleChoice).filter(({ name }) => name.toLowerCase().includes(wanted));
        },
      }),
    pick: ({ message, flag, choices }) =>
      ask(flag, {
        type: 'select',
        message: visible(message),
        choices: choices.map(visibleChoice),
        loop: false,
      }),
  };
}
