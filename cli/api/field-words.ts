/** The names that fields of the API have here: by the flag that gives them, or in words. */
const words: Readonly<Record<string, string>> = {
  'Last-Event-ID': 'the event to begin after (--since)',
  'Pay-Second-Factor': 'the code (--code)',
  above: 'the amount',
  amount: 'the amount',
  code: 'the code (--code)',
  confirmDuplicateOf: '--confirm-duplicate',
  corrects: '--corrects',
  currency: 'the currency',
  currentPassword: 'the current password',
  displayName: 'the name',
  email: 'the email address',
  expiresAt: '--expires',
  expiresInDays: 'the days until it ends',
  from: 'the user',
  invitation: '--invitation',
  limit: '--limit',
  maxAmount: '--max',
  maxDebit: '--max',
  memo: 'the memo',
  minAmount: '--min',
  newPassword: 'the new password',
  perDay: '--per-day',
  perPayment: '--per-payment',
  q: '--search',
  reason: 'the reason',
  scopes: '--scopes',
  since: '--since',
  to: 'the user',
  types: '--types',
  until: '--until',
  upTo: 'the notification',
  url: 'the address',
  with: '--with',
};

/** A field of the API in our words, without its place in a list: `scopes.1` is --scopes. An item of a payout keeps its place, which is a line of a file. */
export function fieldWords(field: string): string {
  const [name = ''] = field.split('.');
  if (name === 'items') {
    return field;
  }
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}
