const words = [
  ...['admin', 'administrator', 'bank', 'billing', 'bot', 'cashier', 'desk', 'help', 'host', 'house', 'info'],
  ...[
    'mail',
    'master',
    'moderator',
    'noreply',
    'no',
    'reply',
    'official',
    'operator',
    'owner',
    'pay',
    'payment',
  ],
  ...['payments', 'paypal', 'post', 'root', 'security', 'server', 'service', 'staff', 'super', 'support'],
  ...['sys', 'system', 'team', 'treasurer', 'user', 'web'],
];

const reserved = new RegExp(`^(?:${words.join('|')})+$`);

/** Digits that are read as letters. */
const lookAlikes: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's' };

/**
 * Whether a username is one under which people would take somebody for those who run the server: `Admin`, `pay-support`,
 * `supp0rt`. Only reserved words and what stands between them count: `adminah` is somebody's name.
 */
export function looksReserved(username: string): boolean {
  const letters = username
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replaceAll(/[01345]/g, (digit) => lookAlikes[digit] ?? digit);
  return reserved.test(letters);
}
