import type { Prompts } from '../terminal/prompts/prompts.js';

/** A new password, asked twice so that it is the one that was meant. */
export async function askNewPassword(prompts: Prompts, message: string): Promise<string> {
  const first = await prompts.secret({
    message,
    flag: '--password-stdin',
    validate: (answer) => [...answer].length >= 8 || 'At least 8 characters.',
  });
  await prompts.secret({
    message: 'Once more:',
    flag: '--password-stdin',
    validate: (answer) => answer === first || 'This is not the same as the first one.',
  });
  return first;
}
