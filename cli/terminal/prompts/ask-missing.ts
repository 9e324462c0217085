import type { Prompts, TextQuestion } from './prompts.js';

export interface Missing extends TextQuestion {
  /** The value that the command line gave. */
  readonly value: string | undefined;
}

/** Asks for each value that was not given, in order; without a terminal it fails at once, naming all of them. */
export async function askMissing<Name extends string>(
  prompts: Prompts,
  wanted: Readonly<Record<Name, Missing>>,
): Promise<Record<Name, string>> {
  const entries = Object.entries(wanted) as [Name, Missing][];
  prompts.gate(entries.filter(([, { value }]) => value === undefined).map(([, { flag }]) => flag));
  const answers: [Name, string][] = [];
  for (const [name, question] of entries) {
    answers.push([name, question.value ?? (await prompts.text(question)).trim()]);
  }
  return Object.fromEntries(answers) as Record<Name, string>;
}
