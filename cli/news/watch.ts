import type { Command } from 'commander';
import type { EventJson } from '../../server/features/events/wire.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples } from '../help/help.js';
import { sleep } from '../sleep.js';
import { showLine } from '../terminal/show.js';
import { type Shown, shown } from '../terminal/text/shown.js';
import { clockTime } from '../terminal/time.js';
import { eventCells, eventWords } from './event-text.js';
import { followEvents } from './follow-events.js';

// The silence after which the stream is taken for dead: three heartbeats of the server.
const silenceMs = 45_000;

function line(event: EventJson, { stdout, locale, now, hint }: Context): Shown {
  const { text, next } = eventWords(event, locale);
  const { pen } = stdout;
  const answer = next === undefined ? '' : pen.dim(` → ${hint(next)}`);
  return shown`${pen.dim(clockTime(event.at, now()))}  ${text}${answer}\n`;
}

const watch: Run<{ readonly since?: string }> = async (context, _operands, { since }) => {
  await context.token();
  const { stdout, say, signal } = context;
  const dim = (text: string) => context.stderr.pen.dim(text);
  await followEvents({
    api: await context.api(),
    signal,
    sleep,
    silenceMs,
    since,
    random: Math.random,
    onEvent: (event) =>
      showLine(context, {
        json: event,
        people: () => line(event, context),
        machine: () => [eventCells(event)],
      }),
    onConnected: () => say(dim('Watching. Ctrl-C ends it.')),
    onLost: (waitMs) => say(dim(`The connection is lost; trying again in ${(waitMs / 1_000).toFixed(1)} s.`)),
    onBack: () => say(dim('Connected again; nothing was missed.')),
    isOver: () => stdout.isGone,
  });
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay watch                                   what happens to your account, as it happens',
    'pay watch --json | while read -r event; do …; done',
    'pay watch --json --since evt_000000004W',
  ])
    .option('--since <id>', 'begin after this event instead of now')
    .action(start(watch));
}
