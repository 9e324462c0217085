import type { PaymentJson } from '../../server/features/payments/wire.js';
import { findMe } from '../account/find-me.js';
import type { Context } from '../context.js';
import { sidesOf } from '../history/payment-text.js';
import { type Contact, contactsLike, findContact } from '../people/contacts.js';
import { fetchContacts } from '../people/fetch-contacts.js';
import { checkUsername, usernameFault } from '../people/username.js';
import { moneyText } from '../terminal/money.js';
import type { Suggestion } from '../terminal/prompts/prompts.js';
import { shown } from '../terminal/text/shown.js';
import { visible } from '../terminal/text/visible.js';
import { relativeTime } from '../terminal/time.js';
import { isOfThePerson, lookUpCurrency } from './look-up-currency.js';

/** The other side of a payment or a request. */
export interface Partner {
  readonly username: string;
  /** The currency that they hold, where that could be found out. */
  readonly currency: string | undefined;
}

const mostSuggestions = 7;
const leastAbout = 12;

/** What was done last between the person and a contact, as it goes on after the contact's name. */
export function latestText(latest: PaymentJson, { locale, now }: Pick<Context, 'locale' | 'now'>): string {
  const own = moneyText(sidesOf(latest).own, locale);
  const words = {
    paid: { sent: `you paid ${own}`, received: `paid you ${own}` },
    refunded: { sent: `you gave ${own} back`, received: `gave ${own} back` },
  }[latest.kind === 'refund' ? 'refunded' : 'paid'];
  const what = latest.direction === 'sent' ? words.sent : words.received;
  return `${what}, ${relativeTime(latest.createdAt, now())}`;
}

/** The suggestions: each contact in one line of the terminal, names below each other. */
async function suggestionsOf(contacts: readonly Contact[], context: Context): Promise<readonly Suggestion[]> {
  const [{ padEnd, widest }, { default: cliTruncate }] = await Promise.all([
    import('../terminal/text/align.js'),
    import('cli-truncate'),
  ]);
  const { pen, width } = context.stderr;
  const names = contacts.map(({ username }) => visible(username));
  // Names are never cut; a few long ones do not push away what there is to know of the others.
  const nameWidth = Math.min(widest(names), Math.floor(width / 3));
  return contacts.map((contact, index) => {
    const name = padEnd(names[index] ?? '', nameWidth);
    const room = width - widest([name]) - 5;
    const about =
      room < leastAbout ? '' : shown`  ${pen.dim(cliTruncate(latestText(contact.latest, context), room))}`;
    return { value: contact.username, text: shown`${name}${about}` };
  });
}

/**
 * The partner of this name.
 * @throws Failure where there is nobody to deal with
 */
async function partnerOf(
  context: Context,
  username: string,
  contacts: readonly Contact[],
  own: string,
): Promise<Partner> {
  const contact = findContact(contacts, username);
  return contact ?? { username, currency: await lookUpCurrency(context, username, own) };
}

async function askName(context: Context, message: string, contacts: readonly Contact[]): Promise<string> {
  const { username: own } = await findMe(context);
  const suggestions = await suggestionsOf(contacts, context);
  const textOf = new Map(suggestions.map((suggestion) => [suggestion.value, suggestion]));
  return await context.prompts.typed({
    message,
    flag: '<user>',
    suggest: (typed) =>
      contactsLike(contacts, typed)
        .slice(0, mostSuggestions)
        .flatMap(({ username }) => textOf.get(username) ?? []),
    validate: (answer) => {
      if (answer === '') {
        return contacts.length === 0 ? 'Type a username.' : 'Type a username, or choose one with ↑ and ↓.';
      }
      return usernameFault(answer) ?? (answer.toLowerCase() !== own.toLowerCase() || 'That is you.');
    },
  });
}

/**
 * The other side: as given, or asked for with the contacts as suggestions, until there is such a person. Their currency is
 * found out for what is asked next.
 * @throws Failure
 */
export async function askPartner(
  context: Context,
  given: string | undefined,
  message: string,
): Promise<Partner> {
  context.prompts.gate(['<user>']);
  const [{ currency }, contacts] = await Promise.all([findMe(context), fetchContacts(context)]);
  if (given !== undefined) {
    checkUsername(given);
    return await partnerOf(context, given, contacts, currency);
  }
  for (;;) {
    const name = await askName(context, message, contacts);
    try {
      return await partnerOf(context, name, contacts, currency);
    } catch (error) {
      if (!isOfThePerson(error)) {
        throw error;
      }
      await context.prompts.show(shown`${context.stderr.pen.yellow('!')} ${error.message}`);
    }
  }
}
