import type { GlobalFlags } from '../context.js';

export type AccountFlags = Pick<GlobalFlags, 'profile' | 'server'>;

/** The flags that say which account is meant, wherever they stand. */
export function accountFlags(words: readonly string[]): AccountFlags {
  const named = words.flatMap((word, at) => {
    const [, name, value] = /^--(profile|server)(?:=(.*))?$/s.exec(word) ?? [];
    const given = value ?? words[at + 1];
    return name !== undefined && given ? [[name, given]] : [];
  });
  return Object.fromEntries(named) as AccountFlags;
}

/** The flags of an account as words of a command line. */
export function accountWords(flags: AccountFlags): string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}
