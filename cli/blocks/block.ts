import type { Command } from 'commander';
import type { Run, Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { askMissing } from '../terminal/prompts/ask-missing.js';
import { show } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';

const block: Run<object> = async (context, [given]) => {
  const { user } = await askMissing(context, {
    user: { value: given, message: 'Whom to block:', flag: '<user>' },
  });
  const api = await context.api();
  await api.call('PUT /v1/blocks/{username}', { params: { username: user } });
  await show(context, {
    json: { username: user, blocked: true },
    people: () =>
      shown`${context.stdout.pen.green('✓')} Neither you nor ${user} can ask or pay the other; they are not told why.\n`,
    machine: () => [[user, 'blocked']],
  });
};

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay block mallory', 'pay unblock mallory'])
    .argument('[user]', 'whom')
    .option('-y, --yes', 'do not ask')
    .action(start(block, { username: 'value', blocked: 'value' }));
}
