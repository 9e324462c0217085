/** Text as troff shows it, in the middle of a line: backslashes and hyphens mean themselves (groff_char(7)). */
export function inline(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
}

/** Text as a line of its own: a point or a quote at its beginning is no request (groff(7)). */
export function line(text: string): string {
  const escaped = inline(text);
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

/** An argument of a macro. */
const argument = (text: string) => `"${inline(text).replaceAll('"', '\\(dq')}"`;

export const heading = (title: string) => `.SH ${argument(title)}`;
export const subheading = (title: string) => `.SS ${argument(title)}`;
export const bold = (text: string) => `.B ${argument(text)}`;

/** Lines as they stand, each on its own. */
export const verbatim = (lines: readonly string[]) => ['.nf', ...lines.map(line), '.fi'];

/** A term with what it means. */
export const term = (name: string, meaning: string) => ['.TP', bold(name), line(meaning)];

/** The head of a page: its name, the section of the manual, and which version it is of (man(7)). */
export const title = (name: string, section: number, source: string) =>
  `.TH ${argument(name.toUpperCase())} ${section} "" ${argument(source)} ${argument('pay')}`;
