import wrapAnsi from 'wrap-ansi';
import type { EventJson } from '../../server/features/events/wire.js';
import type { Failure } from '../failure.js';
import { eventWords } from '../news/event-text.js';
import type { Screen } from '../terminal/screen.js';
import { clockTime } from '../terminal/time.js';
import { visible } from '../terminal/visible.js';

const least = 20;

/** Lines that fit the terminal, the later ones indented. A command stands on a line of its own, to be copied in one piece. */
function fitted(first: string, { width }: Screen, indent: string): string {
  return wrapAnsi(first, Math.max(least, width - indent.length), { hard: true }).replaceAll(
    '\n',
    `\n${indent}`,
  );
}

/** An event as the shell announces it, with the command that answers it as it is typed there. */
export function announcementText(event: EventJson, screen: Screen, now: Date, locale?: string): string {
  const { pen } = screen;
  const { text, next } = eventWords(event, locale);
  const head = `${pen.cyan('•')} ${pen.dim(clockTime(visible(event.at), now))}  `;
  const indent = '  ';
  const answer = next === undefined ? '' : `\n${indent}${pen.dim(`→ ${visible(next).replace(/^pay /, '')}`)}`;
  return fitted(`${head}${visible(text)}`, screen, indent) + answer;
}

/** What ended the announcements, in one line, with what to do about it. */
export function endText({ message, details }: Failure, { pen }: Screen): string {
  const next = (details.next ?? []).slice(0, 2).map((line) => `\n  ${pen.dim(`→ ${line}`)}`);
  const [first = ''] = message.split('\n');
  return `${pen.yellow('!')} ${visible(first)}${next.join('')}`;
}

const linkTexts = {
  begun: 'Connected.',
  lost: 'The connection is lost; trying again.',
  back: 'Connected again; nothing was missed.',
} as const;

/** What is to be said of the connection. */
export function linkText(news: keyof typeof linkTexts, { pen }: Screen): string {
  return pen.dim(linkTexts[news]);
}
