import type { Argument, Command, Option } from 'commander';

/** Where the word that is being typed stands. */
export interface Place {
  readonly command: Command;
  /** How many operands of the command stand before it. */
  readonly operands: number;
  /** The option whose value it is. */
  readonly option: Option | undefined;
  readonly hasEndedOptions: boolean;
  /** The options before it. */
  readonly used: readonly Option[];
}

/** The option that a word such as `-m`, `--memo` or `--memo=lunch` names. */
export function optionNamed(command: Command, word: string): Option | undefined {
  const name = word.replace(/=.*$/s, '');
  return command.options.find(({ short, long }) => short === name || long === name);
}

const takesValue = ({ required, optional }: Option) => required || optional;

function afterOption(place: Place, word: string): Place {
  const found = optionNamed(place.command, word);
  const waits = found !== undefined && takesValue(found) && !word.includes('=');
  return {
    ...place,
    option: waits ? found : undefined,
    used: found ? [...place.used, found] : place.used,
  };
}

function after(place: Place, word: string): Place {
  const { command, operands, option, hasEndedOptions } = place;
  if (option) {
    return { ...place, option: undefined };
  }
  if (!hasEndedOptions && word === '--') {
    return { ...place, hasEndedOptions: true };
  }
  if (!hasEndedOptions && word.startsWith('-')) {
    return afterOption(place, word);
  }
  const below = operands === 0 ? command.commands.find((sub) => sub.name() === word) : undefined;
  return below ? { ...place, command: below, used: [] } : { ...place, operands: operands + 1 };
}

/** Where a word stands that comes after these. */
export function placeAfter(program: Command, before: readonly string[]): Place {
  return before.reduce<Place>(after, {
    command: program,
    operands: 0,
    option: undefined,
    hasEndedOptions: false,
    used: [],
  });
}

/** The operand that stands there. */
export function argumentAt({ command, operands }: Place): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return command.registeredArguments[operands] ?? (last?.variadic ? last : undefined);
}
