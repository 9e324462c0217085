/** Our commands by the names that other programs give them. */
const commandOf: Readonly<Record<string, string>> = {
  account: 'whoami',
  accounts: 'profiles',
  activity: 'history',
  ask: 'request',
  auth: 'login',
  charge: 'request',
  collection: 'collections',
  contacts: 'history',
  currencies: 'rates',
  exchange: 'convert',
  export: 'history --format csv',
  funds: 'balance',
  inbox: 'notifications',
  invoice: 'request',
  list: 'history',
  log: 'history',
  ls: 'history',
  me: 'whoami',
  money: 'balance',
  passwd: 'password',
  pay: 'send',
  payments: 'history',
  payout: 'send --file',
  receipt: 'show --format html',
  'sign-in': 'login',
  'sign-out': 'logout',
  'sign-up': 'register',
  signin: 'login',
  signout: 'logout',
  signup: 'register',
  status: 'home',
  su: 'profiles use',
  switch: 'profiles use',
  transactions: 'history',
  transfer: 'send',
  user: 'whoami',
  users: 'admin users',
  version: '--version',
  view: 'show',
};

/** The command of ours that does what another program calls so; undefined where none does. */
export function commandFor(word: string): string | undefined {
  return Object.hasOwn(commandOf, word.toLowerCase()) ? commandOf[word.toLowerCase()] : undefined;
}

const hintsOf: Readonly<Record<string, string>> = {
  '-V': 'The version: pay --version',
  '-v': 'The version: pay --version',
  '--version': 'The version: pay --version',
  '-p': 'A password is asked for, without showing it; scripts write it to stdin: --password-stdin',
  '--password': 'A password is asked for, without showing it; scripts write it to stdin: --password-stdin',
};

/** The flag to type instead of one of other programs; undefined where that is not known. */
export function hintForFlag(flag: string): string | undefined {
  const [name = ''] = flag.split('=');
  return Object.hasOwn(hintsOf, name) ? hintsOf[name] : undefined;
}
