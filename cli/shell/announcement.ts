import wrapAnsi from 'wrap-ansi';
import type { EventJson } from '../../server/features/events/wire.js';
import type { Failure } from '../failure/failure.js';
import { eventWords } from '../news/event-text.js';
import type { Screen } from '../terminal/screen.js';
import { joined, reshaped, type Shown, shown } from '../terminal/text/shown.js';
import { clockTime } from '../terminal/time.js';

const least = 20;

/** Lines that fit the terminal, the later ones indented. A command stands on a line of its own, to be copied in one piece. */
function fitted(first: Shown, { width }: Screen, indent: string): Shown {
  const room = Math.max(least, width - indent.length);
  return reshaped(first, (text) => wrapAnsi(text, room, { hard: true }).replaceAll('\n', `\n${indent}`));
}

/** An event as the shell announces it, with the command that answers it as it is typed there. */
export function announcementText(event: EventJson, screen: Screen, now: Date, locale?: string): Shown {
  const { pen } = screen;
  const { text, next } = eventWords(event, locale);
  const head = shown`${pen.cyan('•')} ${pen.dim(clockTime(event.at, now))}  `;
  const indent = '  ';
  const answer = next === undefined ? '' : shown`\n${indent}${pen.dim(`→ ${next.replace(/^pay /, '')}`)}`;
  return shown`${fitted(shown`${head}${text}`, screen, indent)}${answer}`;
}

/** The end of the announcements, in one line, with what to do about it. */
export function endText({ message, details }: Failure, { pen }: Screen): Shown {
  const next = (details.next ?? []).slice(0, 2).map((line) => shown`\n  ${pen.dim(`→ ${line}`)}`);
  return shown`${pen.yellow('!')} ${message}${joined(next)}`;
}

const linkTexts = {
  begun: 'Connected.',
  lost: 'The connection is lost; trying again.',
  back: 'Connected again; nothing was missed.',
} as const;

/** The line that tells of the connection. */
export function linkText(news: keyof typeof linkTexts, { pen }: Screen): Shown {
  return pen.dim(linkTexts[news]);
}
