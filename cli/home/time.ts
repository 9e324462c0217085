import type { Command } from 'commander';
import type { Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples } from '../help/help.js';
import { show } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';

async function time(context: Context): Promise<void> {
  const api = await context.api();
  const answer = await api.call('GET /v1/time');
  await show(context, {
    json: answer,
    people: () => shown`${answer.currentTime} UTC\n`,
    machine: () => [[answer.timestamp]],
  });
}

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay time', 'pay time --json --fields timestamp']).action(start(time));
}
