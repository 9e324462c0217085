import type { Command } from 'commander';
import type { Run, Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { show } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { askNewPassword } from './ask-new-password.js';
import { changePassword } from './change-password.js';
import { judgeAnswer } from './judge-answer.js';
import { passwordLines } from './password-stdin.js';

const password: Run<{ readonly passwordStdin?: true }> = async (context, _operands, { passwordStdin }) => {
  const { prompts } = context;
  prompts.gate(passwordStdin ? [] : ['--password-stdin']);
  // The username is not judged beside it: it is taken, by the one who asks.
  const judge = (answer: string) => judgeAnswer(context, 'password', { password: answer });
  // Without a session there is no sense in asking.
  await context.token();
  const [currentPassword = '', newPassword = ''] = passwordStdin
    ? await passwordLines(context, 2)
    : [
        await prompts.secret({ message: 'Current password:', flag: '--password-stdin' }),
        await askNewPassword(prompts, 'New password:', judge),
      ];
  await changePassword(context, { currentPassword, newPassword });
  await show(context, {
    json: { changed: true },
    people: () =>
      shown`${context.stdout.pen.green('✓')} The password is changed. Every other session and token of yours has ended.\n`,
    machine: () => [['changed']],
  });
};

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay password', 'printf \'%s\\n\' "$OLD" "$NEW" | pay password --password-stdin'])
    .option('--password-stdin', 'read the current and the new password from stdin, one a line')
    .option('-y, --yes', 'do not ask')
    .action(start(password, { changed: 'value' }));
}
