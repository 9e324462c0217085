import wrapAnsi from 'wrap-ansi';
import type { Finding, Verdict } from './finding.js';

const marks: Readonly<Record<Verdict, string>> = { right: '✓', doubtful: '!', wrong: '✗' };

const subjectWidth = 16;
const usualColumns = 80;
/** The most columns of a line: longer ones are read with effort. */
const mostColumns = 100;

/** Text of a file or of another program moves no cursor and clears no screen. */
const harmless = (text: string) => text.replaceAll(/\p{Cc}/gu, '·');

function paragraph(first: string, text: string, columns: number): string {
  const room = columns - subjectWidth - 2;
  const indent = ' '.repeat(subjectWidth + 2);
  return `${first}${wrapAnsi(harmless(text), room).replaceAll('\n', `\n${indent}`)}\n`;
}

function findingText({ subject, verdict, text, remedy }: Finding, columns: number): string {
  const head = `${marks[verdict]} ${subject.padEnd(subjectWidth)}`;
  const below = remedy === null ? '' : paragraph(' '.repeat(subjectWidth + 2), `→ ${remedy}`, columns);
  return paragraph(head, text, columns) + below;
}

/** A finding in which what `typed` makes of a text stands for it. */
const worded = (finding: Finding, typed: (text: string) => string): Finding => ({
  ...finding,
  text: typed(finding.text),
  remedy: finding.remedy === null ? null : typed(finding.remedy),
});

interface Look {
  /** What makes of a text one whose commands can be typed: it may be longer. */
  readonly typed: (text: string) => string;
  readonly columns?: number | undefined;
}

/** Findings for people, a part of the installation a line, with what to do below it. */
export function findingsText(findings: readonly Finding[], { typed, columns = usualColumns }: Look): string {
  const width = Math.min(columns, mostColumns);
  return findings.map((finding) => findingText(worded(finding, typed), width)).join('');
}

export const isWrong = (findings: readonly Finding[]): boolean =>
  findings.some(({ verdict }) => verdict === 'wrong');

/** How many findings there are of a verdict. */
export const countOf = (findings: readonly Finding[], verdict: Verdict): number =>
  findings.filter((finding) => finding.verdict === verdict).length;
