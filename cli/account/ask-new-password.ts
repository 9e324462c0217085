import type { Prompts } from '../terminal/prompts/prompts.js';

const rule = 'At least 8 characters, not only digits, nothing common, and not like your username or email.';

/** A new password, judged when it is typed, and asked twice so that it is the one that was meant. */
export async function askNewPassword(
  prompts: Prompts,
  message: string,
  judge: (password: string) => Promise<true | string>,
): Promise<string> {
  const flag = '--password-stdin';
  for (let shownRule: string | undefined = rule; ; shownRule = 'The two are not the same. Choose again.') {
    const first = await prompts.secret({
      message,
      rule: shownRule,
      flag,
      validate: (answer) => ([...answer].length >= 8 ? judge(answer) : 'At least 8 characters.'),
    });
    if ((await prompts.secret({ message: 'Once more:', flag })) === first) {
      return first;
    }
  }
}
