import type { CommandModule } from '../command.js';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  /**
   * Whether the command keeps its connection for long, always or with one of these options. undici is made for that; the
   * others ask a few things and end before undici would have started.
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
    load: () => import('../home/home.js'),
  },
  {
    name: 'balance',
    group: money,
    summary: 'what you have, or had',
    load: () => import('../summaries/balance.js'),
  },
  {
    name: 'limits',
    group: money,
    summary: 'how much you may pay, and what is left of it',
    load: () => import('../account/limits.js'),
  },
  {
    name: 'send',
    group: money,
    keepsConnection: ['file'],
    summary: 'pay somebody',
    load: () => import('../payments/send.js'),
  },
  {
    name: 'history',
    group: money,
    summary: 'the payments you sent and received',
    load: () => import('../history/history.js'),
  },
  {
    name: 'stats',
    group: money,
    summary: 'where the money went and came from, by month, person, kind or memo',
    load: () => import('../summaries/stats.js'),
  },
  {
    name: 'statement',
    group: money,
    summary: 'a period on paper: what there was, every payment, what was left',
    load: () => import('../statements/statement-command.js'),
  },
  {
    name: 'show',
    group: money,
    summary: 'everything about one payment, or one request',
    load: () => import('../home/show.js'),
  },
  {
    name: 'refund',
    group: money,
    summary: 'give a payment back, or a part of it',
    load: () => import('../payments/refund.js'),
  },
  {
    name: 'request',
    group: asking,
    summary: 'ask somebody for money, or several for shares of a bill',
    load: () => import('../requests/request.js'),
  },
  {
    name: 'requests',
    group: asking,
    summary: 'what you are asked for, and what you ask; accept, decline, cancel, remind',
    load: () => import('../requests/requests.js'),
  },
  {
    name: 'collect',
    group: asking,
    summary: 'ask many for money under one name',
    load: () => import('../collections/collect.js'),
  },
  {
    name: 'collections',
    group: asking,
    summary: 'who has paid of those that you ask together; show, remind, close',
    load: () => import('../collections/collections.js'),
  },
  {
    name: 'block',
    group: asking,
    summary: 'stop dealing with somebody',
    load: () => import('../blocks/block.js'),
  },
  {
    name: 'unblock',
    group: asking,
    summary: 'deal with somebody again',
    load: () => import('../blocks/unblock.js'),
  },
  {
    name: 'blocks',
    group: asking,
    summary: 'whom you do not deal with',
    load: () => import('../blocks/blocks.js'),
  },
  {
    name: 'notifications',
    group: news,
    summary: 'what happened to your account',
    load: () => import('../news/notifications.js'),
  },
  {
    name: 'watch',
    group: news,
    keepsConnection: true,
    summary: 'the same live, a line an event',
    load: () => import('../news/watch.js'),
  },
  {
    name: 'webhooks',
    group: news,
    summary: 'endpoints of yours that are told',
    load: () => import('../webhooks/webhooks.js'),
  },
  {
    name: 'register',
    group: account,
    summary: 'make an account',
    load: () => import('../account/register.js'),
  },
  { name: 'login', group: account, summary: 'begin a session', load: () => import('../account/login.js') },
  {
    name: 'logout',
    group: account,
    summary: 'end the session, here and on the server',
    load: () => import('../account/logout.js'),
  },
  {
    name: 'whoami',
    group: account,
    summary: 'who is logged in, and where',
    load: () => import('../account/whoami.js'),
  },
  {
    name: 'profile',
    group: account,
    summary: 'your name and email address; show, set',
    load: () => import('../account/profile.js'),
  },
  {
    name: 'password',
    group: account,
    summary: 'change your password',
    load: () => import('../account/password.js'),
  },
  {
    name: '2fa',
    group: account,
    summary: 'codes of an app besides the password; on, off, status, above',
    load: () => import('../second-factor/second-factor.js'),
  },
  {
    name: 'sessions',
    group: account,
    summary: 'where you are logged in; end',
    load: () => import('../account/sessions.js'),
  },
  {
    name: 'tokens',
    group: account,
    summary: 'tokens for scripts',
    load: () => import('../account/tokens.js'),
  },
  {
    name: 'profiles',
    group: account,
    summary: 'several accounts and servers',
    load: () => import('../account/profiles.js'),
  },
  {
    name: 'admin',
    group: administration,
    summary: 'users, payments, limits, the audit trail and the books, for administrators',
    load: () => import('../admin/admin.js'),
  },
  {
    name: 'convert',
    group: facts,
    summary: 'what an amount is in another currency',
    load: () => import('../conversion/convert.js'),
  },
  {
    name: 'rates',
    group: facts,
    summary: 'the currencies and their rates',
    load: () => import('../conversion/rates.js'),
  },
  {
    name: 'api',
    group: facts,
    summary: 'any call of the API, with your session',
    load: () => import('../calls/api.js'),
  },
  {
    name: 'shell',
    group: facts,
    summary: 'commands one after the other over one connection, with news as it happens',
    load: () => import('../shell/shell.js'),
  },
  {
    name: 'completion',
    group: facts,
    summary: 'what makes Tab complete commands in your shell',
    load: () => import('../completion/completion.js'),
  },
  {
    name: 'time',
    group: facts,
    summary: 'the time that the timestamp service gives',
    load: () => import('../home/time.js'),
  },
];
