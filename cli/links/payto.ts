import type { Currency } from '../../server/money/currency.js';
import { parseAmount } from '../../server/money/parse.js';

/**
 * The target type of our links (RFC 8905, section 2), which is registered nowhere: `payto://x-pay/<server>/<user>`, with the
 * options `amount` and `message`. The server stands without `https://`, with its port where that is not 443.
 */
const targetType = 'x-pay';

/** The longest link, in characters: more no camera reads, and no memo needs. */
const longestLink = 4_000;
const longestMessage = 500;

/** A payment that somebody would like to have: to whom, and, where that is said, how much and what for. */
export interface PaymentLink {
  /** The origin of the server, such as `https://127.0.0.1:8443`. */
  readonly server: string;
  readonly user: string;
  /** A decimal number with a currency, which are there both or neither. */
  readonly sum?: { readonly amount: string; readonly currency: string } | undefined;
  readonly message?: string | undefined;
}

export interface LinkFault {
  /** A sentence that says what is wrong. */
  readonly fault: string;
}

const faulty = (fault: string): LinkFault => ({ fault });

/** Whether a word is such a link, right or wrong, and not a username. */
export const isLink = (word: string): boolean => /^payto:/i.test(word);

/** In a path a colon stands for itself, which keeps a port legible. */
const encoded = (text: string) => encodeURIComponent(text).replaceAll('%3A', ':');

/** The link as it is printed. */
export function linkText({ server, user, sum, message }: PaymentLink): string {
  const options = [
    ...(sum === undefined ? [] : [`amount=${sum.currency}:${sum.amount}`]),
    ...(message === undefined ? [] : [`message=${encodeURIComponent(message)}`]),
  ];
  const query = options.length === 0 ? '' : `?${options.join('&')}`;
  return `payto://${targetType}/${encoded(new URL(server).host)}/${encoded(user)}${query}`;
}

/** A part of the URI (pchar of RFC 3986, and the slash and the question mark that a query may hold). */
const part = /^(?:[A-Za-z0-9\-._~!$'()*+,;:@/?=]|%[0-9A-Fa-f]{2})*$/;

/** What a part stands for; undefined where it is not encoded as it should be. */
function decoded(text: string): string | undefined {
  try {
    return part.test(text) ? decodeURIComponent(text) : undefined;
  } catch {
    return undefined;
  }
}

const username = /^(?!\.+$)[A-Za-z0-9@.+\-_]{1,100}$/;
// The host of a link: a host name or an address of either family, and a port; no user, no path, nothing that a URL would
// read another way.
const host = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;
const amountOption = /^([A-Za-z]{3}):([0-9]{1,30}(?:\.[0-9]{1,30})?)$/;
const hidden = /[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/u;

function serverOf(text: string): string | undefined {
  const address = `https://${text}`;
  return host.test(text) && URL.canParse(address) ? new URL(address).origin : undefined;
}

/** The options by name, each at most once; those of other target types, and of later ones, are passed over by whoever reads them. */
function readOptions(query: string): ReadonlyMap<string, string> | LinkFault {
  const options = new Map<string, string>();
  for (const option of query === '' ? [] : query.split('&')) {
    const [, name = '', value] = /^([a-z0-9-]+)=(.*)$/i.exec(option) ?? [];
    const text = value === undefined ? undefined : decoded(value);
    if (text === undefined) {
      return faulty('The link has an option that cannot be read.');
    }
    if (options.has(name.toLowerCase())) {
      return faulty(`The link says twice what its ${name.toLowerCase()} is.`);
    }
    options.set(name.toLowerCase(), text);
  }
  return options;
}

function readTarget(path: string): Pick<PaymentLink, 'server' | 'user'> | LinkFault {
  const [server, user, ...more] = path.split('/').slice(1).map(decoded);
  const origin = server === undefined ? undefined : serverOf(server);
  if (origin === undefined) {
    return faulty('The link names no server that there could be.');
  }
  return user !== undefined && username.test(user) && more.length === 0
    ? { server: origin, user }
    : faulty('The link names nobody who could be paid.');
}

function readSum(text: string | undefined): Pick<PaymentLink, 'sum'> | LinkFault {
  if (text === undefined) {
    return {};
  }
  const [, currency = '', amount = ''] = amountOption.exec(text) ?? [];
  return amount === ''
    ? faulty('The link has no amount that can be read, such as GBP:12.50, without commas.')
    : { sum: { amount, currency: currency.toUpperCase() } };
}

function readMessage(message: string | undefined): Pick<PaymentLink, 'message'> | LinkFault {
  if (message === undefined || message === '') {
    return {};
  }
  return message.length > longestMessage || hidden.test(message)
    ? faulty('The message of the link is too long, or holds control characters.')
    : { message };
}

/** What a link says; or what is wrong with it. Nothing but this is read out of one. */
export function readLink(text: string): PaymentLink | LinkFault {
  if (text.length > longestLink) {
    return faulty('The link is too long.');
  }
  const [, type, path = '', query = ''] =
    /^payto:\/\/([A-Za-z][A-Za-z0-9.-]*)(\/[^?#]*)(?:\?([^#]*))?$/i.exec(text) ?? [];
  if (type === undefined) {
    return faulty('This is no link of the form payto://….');
  }
  if (type.toLowerCase() !== targetType) {
    return faulty(`The link is for payments by ${type.toLowerCase()}, and not by pay.`);
  }
  const target = readTarget(path);
  const options = readOptions(query);
  if ('fault' in target || 'fault' in options) {
    return 'fault' in target ? target : (options as LinkFault);
  }
  const sum = readSum(options.get('amount'));
  const message = readMessage(options.get('message'));
  if ('fault' in sum || 'fault' in message) {
    return 'fault' in sum ? sum : (message as LinkFault);
  }
  return { ...target, ...sum, ...message };
}

/** What is wrong with the sum of a link where these currencies are known; undefined where nothing is. */
export function sumFault(
  { sum }: PaymentLink,
  find: (code: string) => Currency | undefined,
): string | undefined {
  if (sum === undefined) {
    return undefined;
  }
  const currency = find(sum.currency);
  if (currency === undefined) {
    return `The link is for an amount in ${sum.currency}, which is no currency here.`;
  }
  const parsed = parseAmount(sum.amount, currency);
  return 'message' in parsed
    ? `The amount of the link, ${sum.amount}, is none. ${parsed.message}`
    : undefined;
}
