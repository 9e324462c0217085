import { millionths } from './decimal.js';

export interface ReadStatement {
  readonly sum: bigint;
  readonly balance: bigint;
  readonly currency: string;
  readonly transactions: readonly Readonly<Record<string, string>>[];
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

interface Element {
  readonly name: string;
  readonly parts: (Element | string)[];
}

/** Reads XML without attributes, and refuses what is not well-formed. */
function parseXml(text: string): Element {
  const document: Element = { name: '', parts: [] };
  const open = [document];
  const body = text.replace(/^<\?xml [^>]*\?>\n<\?OFX [^>]*\?>\n/, '');
  for (const [token] of body.matchAll(/<[^>]*>|[^<]+|</g)) {
    const inner = open.at(-1) as Element;
    if (/^<[A-Z0-9]+>$/.test(token)) {
      const element: Element = { name: token.slice(1, -1), parts: [] };
      inner.parts.push(element);
      open.push(element);
    } else if (token === `</${inner.name}>`) {
      open.pop();
    } else if (/[<>\ufffe\uffff]|&(?!(?:amp|lt|gt);)/.test(token)) {
      throw new Error(`not well-formed: ${token} in ${inner.name}`);
    } else {
      inner.parts.push(token.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? ''));
    }
  }
  if (open.length !== 1) {
    throw new Error(`not closed: ${open.map(({ name }) => name).join(' ')}`);
  }
  return document;
}

function* elements(from: Element): Generator<Element> {
  for (const part of from.parts) {
    if (typeof part !== 'string') {
      yield part;
      yield* elements(part);
    }
  }
}

const textOf = (element: Element | undefined) =>
  element?.parts.filter((part) => typeof part === 'string').join('') ?? '';

function all(from: Element, name: string): Element[] {
  return [...elements(from)].filter((element) => element.name === name);
}

export function readOfx(text: string): ReadStatement {
  const document = parseXml(text);
  const transactions = all(document, 'STMTTRN').map((transaction) =>
    Object.fromEntries([...elements(transaction)].map((element) => [element.name, textOf(element)])),
  );
  return {
    transactions,
    sum: transactions.reduce((sum, { TRNAMT = '' }) => sum + millionths(TRNAMT), 0n),
    balance: millionths(textOf(all(document, 'BALAMT')[0])),
    currency: textOf(all(document, 'CURDEF')[0]),
  };
}
