import { visible } from '../terminal/text/visible.js';

/** A piece of HTML as it stands: our own words, with everybody else's escaped. It is no string, so that none is taken for it. */
class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Html = Markup;

export type HtmlPart = Html | string | number | readonly HtmlPart[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function textOf(part: HtmlPart): string {
  if (part instanceof Markup) {
    return part.text;
  }
  return typeof part === 'object'
    ? part.map(textOf).join('')
    : visible(String(part)).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** A template whose words are our own HTML and whose values may be anybody's text. */
export function html(words: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Markup(words.map((word, at) => (at === 0 ? '' : textOf(parts[at - 1] ?? '')) + word).join(''));
}

/** Our own text as it stands, such as a sheet of styles. */
export const markup = (text: string): Html => new Markup(text);
