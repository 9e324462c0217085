import type { Argument, Command, Option } from 'commander';

/** The position of the word that is being typed. */
export interface CursorPosition {
  readonly command: Command;
  /** How many operands of the command stand before the word. */
  readonly operands: number;
  /** The option whose value the word is. */
  readonly option: Option | undefined;
  readonly hasEndedOptions: boolean;
  /** The options before the word. */
  readonly used: readonly Option[];
}

/** The option that a word such as `-m`, `--memo` or `--memo=lunch` names. */
export function optionNamed(command: Command, word: string): Option | undefined {
  const name = word.replace(/=.*$/s, '');
  return command.options.find(({ short, long }) => short === name || long === name);
}

const takesValue = ({ required, optional }: Option) => required || optional;

function afterOption(position: CursorPosition, word: string): CursorPosition {
  const found = optionNamed(position.command, word);
  const waits = found !== undefined && takesValue(found) && !word.includes('=');
  return {
    ...position,
    option: waits ? found : undefined,
    used: found ? [...position.used, found] : position.used,
  };
}

function after(position: CursorPosition, word: string): CursorPosition {
  const { command, operands, option, hasEndedOptions } = position;
  if (option) {
    return { ...position, option: undefined };
  }
  if (!hasEndedOptions && word === '--') {
    return { ...position, hasEndedOptions: true };
  }
  if (!hasEndedOptions && word.startsWith('-')) {
    return afterOption(position, word);
  }
  const below = operands === 0 ? command.commands.find((sub) => sub.name() === word) : undefined;
  return below ? { ...position, command: below, used: [] } : { ...position, operands: operands + 1 };
}

/** The position of a word that comes after these. */
export function positionAfter(program: Command, before: readonly string[]): CursorPosition {
  return before.reduce<CursorPosition>(after, {
    command: program,
    operands: 0,
    option: undefined,
    hasEndedOptions: false,
    used: [],
  });
}

/** The operand at this position. */
export function argumentAt({ command, operands }: CursorPosition): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return command.registeredArguments[operands] ?? (last?.variadic ? last : undefined);
}
