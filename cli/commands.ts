import type { CommandModule } from './command.js';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  /**
   * Whether it keeps its connection for long, always or with one of these options. undici is made for that; the others ask a
   * few things and end before undici would have started.
   */
  readonly keepsConnection?: true | readonly string[];
  readonly load: () => Promise<CommandModule>;
}

const money = 'Money:';
const asking = 'Asking:';
const news = 'News:';
const account = 'Account:';
const administration = 'Administration:';
const facts = 'Facts:';

/** Every command; only the one that is called is loaded. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'home',
    group: money,
    summary: 'the time, what you have, what waits for you, and what happened lately',
    load: () => import('./commands/home.js'),
  },
  { name: 'balance', group: money, summary: 'what you have', load: () => import('./commands/balance.js') },
  {
    name: 'limits',
    group: money,
    summary: 'how much you may pay, and what is left of it',
    load: () => import('./commands/limits.js'),
  },
  {
    name: 'send',
    group: money,
    keepsConnection: ['file'],
    summary: 'pay somebody',
    load: () => import('./commands/send.js'),
  },
  {
    name: 'history',
    group: money,
    summary: 'the payments you sent and received',
    load: () => import('./commands/history.js'),
  },
  {
    name: 'show',
    group: money,
    summary: 'everything about one payment',
    load: () => import('./commands/show.js'),
  },
  {
    name: 'refund',
    group: money,
    summary: 'give a payment back, or a part of it',
    load: () => import('./commands/refund.js'),
  },
  {
    name: 'request',
    group: asking,
    summary: 'ask somebody for money, or several for shares of a bill',
    load: () => import('./commands/request.js'),
  },
  {
    name: 'requests',
    group: asking,
    summary: 'what you are asked for, and what you ask; accept, decline, cancel, remind',
    load: () => import('./commands/requests.js'),
  },
  {
    name: 'block',
    group: asking,
    summary: 'stop dealing with somebody',
    load: () => import('./commands/block.js'),
  },
  {
    name: 'unblock',
    group: asking,
    summary: 'deal with somebody again',
    load: () => import('./commands/unblock.js'),
  },
  {
    name: 'blocks',
    group: asking,
    summary: 'whom you do not deal with',
    load: () => import('./commands/blocks.js'),
  },
  {
    name: 'notifications',
    group: news,
    summary: 'what happened to your account',
    load: () => import('./commands/notifications.js'),
  },
  {
    name: 'watch',
    group: news,
    keepsConnection: true,
    summary: 'the same live, a line an event',
    load: () => import('./commands/watch.js'),
  },
  {
    name: 'webhooks',
    group: news,
    summary: 'endpoints of yours that are told',
    load: () => import('./commands/webhooks.js'),
  },
  {
    name: 'register',
    group: account,
    summary: 'make an account',
    load: () => import('./commands/register.js'),
  },
  { name: 'login', group: account, summary: 'begin a session', load: () => import('./commands/login.js') },
  {
    name: 'logout',
    group: account,
    summary: 'end the session, here and on the server',
    load: () => import('./commands/logout.js'),
  },
  {
    name: 'whoami',
    group: account,
    summary: 'who is logged in, and where',
    load: () => import('./commands/whoami.js'),
  },
  {
    name: 'password',
    group: account,
    summary: 'change your password',
    load: () => import('./commands/password.js'),
  },
  {
    name: 'tokens',
    group: account,
    summary: 'tokens for scripts',
    load: () => import('./commands/tokens.js'),
  },
  {
    name: 'profiles',
    group: account,
    summary: 'several accounts and servers',
    load: () => import('./commands/profiles.js'),
  },
  {
    name: 'admin',
    group: administration,
    summary: 'users, payments, limits, the audit trail and the books, for administrators',
    load: () => import('./commands/admin.js'),
  },
  {
    name: 'convert',
    group: facts,
    summary: 'what an amount is in another currency',
    load: () => import('./commands/convert.js'),
  },
  {
    name: 'rates',
    group: facts,
    summary: 'the currencies and their rates',
    load: () => import('./commands/rates.js'),
  },
  {
    name: 'api',
    group: facts,
    summary: 'any call of the API, with your session',
    load: () => import('./commands/api.js'),
  },
  {
    name: 'shell',
    group: facts,
    summary: 'commands one after the other over one connection, with news as it happens',
    load: () => import('./commands/shell.js'),
  },
  {
    name: 'completion',
    group: facts,
    summary: 'what makes Tab complete commands in your shell',
    load: () => import('./commands/completion.js'),
  },
  {
    name: 'time',
    group: facts,
    summary: 'the time that the timestamp service gives',
    load: () => import('./commands/time.js'),
  },
];
