import type { Prompts, TextQuestion } from './prompts.js';

export interface Missing extends TextQuestion {
  /** The value that the command line gave. */
  readonly value: string | undefined;
}

/**
 * Asks for each value that was not given, in order; without a terminal it fails at once, naming all of them. Nobody is asked for
 * what a command needs a log-in for (`token`) who is not logged in. @throws Failure
 */
export async function askMissing<Name extends string>(
  { prompts, token }: { readonly prompts: Prompts; readonly token?: () => Promise<string> },
  wanted: Readonly<Record<Name, Missing>>,
): Promise<Record<Name, string>> {
  const entries = Object.entries(wanted) as [Name, Missing][];
  const missing = entries.filter(([, { value }]) => value === undefined).map(([, { flag }]) => flag);
  prompts.gate(missing);
  if (missing.length > 0) {
    await token?.();
  }
  const answers: [Name, string][] = [];
  for (const [name, question] of entries) {
    answers.push([name, question.value ?? (await prompts.text(question)).trim()]);
  }
  return Object.fromEntries(answers) as Record<Name, string>;
}
