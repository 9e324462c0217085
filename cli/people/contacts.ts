import type { PaymentJson } from '../../server/features/payments/wire.js';

/** Somebody who was paid or has paid, as the latest payment between them and the viewer shows. */
export interface Contact {
  readonly username: string;
  /** The currency that they hold. */
  readonly currency: string;
  readonly latest: PaymentJson;
}

function contactIn(latest: PaymentJson): Contact | undefined {
  const isSent = latest.direction === 'sent';
  const username = isSent ? latest.to : latest.from;
  const { currency } = isSent ? latest.received : latest.sent;
  return username === null ? undefined : { username, currency, latest };
}

/** The people in a history that begins with its newest payment, those of the latest payments first. */
export function contactsIn(payments: readonly PaymentJson[]): readonly Contact[] {
  const contacts = new Map<string, Contact>();
  for (const payment of payments) {
    const contact = contactIn(payment);
    const name = contact?.username.toLowerCase();
    if (contact && name !== undefined && !contacts.has(name)) {
      contacts.set(name, contact);
    }
  }
  return [...contacts.values()];
}

/** The contact of this name; usernames are the same in either letter case. */
export function findContact(contacts: readonly Contact[], username: string): Contact | undefined {
  return contacts.find((contact) => contact.username.toLowerCase() === username.toLowerCase());
}

/** The contacts whose names hold what is typed: those that begin with it first. */
export function contactsLike(contacts: readonly Contact[], typed: string): readonly Contact[] {
  const wanted = typed.toLowerCase();
  const like = contacts.filter(({ username }) => username.toLowerCase().includes(wanted));
  const begins = ({ username }: Contact) => username.toLowerCase().startsWith(wanted);
  return [...like.filter(begins), ...like.filter((contact) => !begins(contact))];
}
