import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import type { NotificationJson } from '../../server/features/events/wire.js';
import type { Context } from '../context.js';
import { padEnd } from '../terminal/text/align.js';
import { joined, reshaped, type Shown, shown } from '../terminal/text/shown.js';
import { visible } from '../terminal/text/visible.js';
import { relativeTime } from '../terminal/time.js';
import { eventWords } from './event-text.js';

const least = 20;

function indented(text: string, width: number, indent: string): Shown {
  const room = Math.max(least, width - indent.length);
  return reshaped(text, (words) => wrapAnsi(words, room, { hard: true }).replaceAll('\n', `\n${indent}`));
}

/** Indented like the rest, or less where it would not fit: it is to be copied in one piece. */
function answerLine(answer: string, width: number, indent: string): string {
  const room = Math.max(2, width - stringWidth(answer));
  return `${indent.slice(0, room)}${answer}`;
}

/** Notifications for people: a mark where one is unread, when, what happened, and the command that answers it. */
export function notificationsText(
  { stdout: { pen, width }, locale, now, hint }: Context,
  notifications: readonly NotificationJson[],
): Shown {
  const times = notifications.map(({ at }) => visible(relativeTime(at, now())));
  const timeWidth = Math.max(0, ...times.map((time) => time.length));
  const indent = ' '.repeat(timeWidth + 4);
  const lines = notifications.map((event, index) => {
    const { text, next } = eventWords(event, locale);
    const mark = event.read ? ' ' : pen.cyan('•');
    const time = pen.dim(padEnd(times[index] ?? '', timeWidth));
    const isOpen = next !== undefined && !event.read;
    const answer = isOpen ? shown`${pen.dim(answerLine(visible(hint(next)), width, indent))}\n` : '';
    return shown`${mark} ${time}  ${indented(text, width, indent)}\n${answer}`;
  });
  return joined(lines);
}
