import type { Command } from 'commander';
import type { Run, Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { askMissing } from '../terminal/prompts/ask-missing.js';
import { show } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';

const unblock: Run<object> = async (context, [given]) => {
  const { user } = await askMissing(context, {
    user: { value: given, message: 'Whom to unblock:', flag: '<user>' },
  });
  const api = await context.api();
  await api.call('DELETE /v1/blocks/{username}', {
    params: { username: user },
    ifNotFound: ['See whom you block: pay blocks'],
  });
  await show(context, {
    json: { username: user, blocked: false },
    people: () => shown`${context.stdout.pen.green('✓')} ${user} can ask and pay you again.\n`,
    machine: () => [[user, 'not blocked']],
  });
};

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay unblock mallory', 'pay blocks'])
    .argument('[user]', 'whom')
    .option('-y, --yes', 'do not ask')
    .action(start(unblock, { username: 'value', blocked: 'value' }));
}
