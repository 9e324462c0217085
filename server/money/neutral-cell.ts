const plainNumber = /^[+-]?[0-9]+(?:\.[0-9]+)?$/;

/** The signs that begin a formula: in some locales the signs of full width do, too. */
const formulaStart = /^[\s"]*[=+\-@＝＋－＠]/;

/**
 * A separator of another locale, or a line break, with a formula behind it; a spreadsheet there parts the cell before it
 * minds the quotes.
 */
const formulaBehind = /(?:[;\t\n]|\r\n?)(?=[\s"]*[=+\-@＝＋－＠])/g;

/**
 * The text of a cell that a spreadsheet shows instead of running, whatever parts cells in its locale: what would start a
 * formula gets an apostrophe in front (OWASP, "CSV Injection"), signed numbers excepted. Done twice it is done once.
 */
export function neutralCell(text: string): string {
  if (plainNumber.test(text)) {
    return text;
  }
  const inner = text.replace(formulaBehind, "$&'");
  return formulaStart.test(inner) ? `'${inner}` : inner;
}
