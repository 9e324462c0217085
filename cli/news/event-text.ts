import type { EventJson } from '../../server/features/events/wire.js';
import type { MoneyJson } from '../../server/money/wire.js';
import { moneyText } from '../terminal/money.js';

type Data = Readonly<Record<string, unknown>>;

/** The words of an event. */
export interface EventWords {
  /** A sentence without its full stop. What others wrote in it is not made visible yet. */
  readonly text: string;
  /** The command that answers it. */
  readonly next?: string;
}

function textOf(data: Data, name: string): string {
  const value = data[name];
  return typeof value === 'string' ? value : '';
}

function moneyOf(data: Data, name: string, locale: string | undefined): string {
  const value = data[name] as Partial<MoneyJson> | null | undefined;
  const { amount, currency } = value ?? {};
  return typeof amount === 'string' && typeof currency === 'string'
    ? moneyText({ amount, currency }, locale)
    : '';
}

function besides(data: Data, name: string): string {
  const words = textOf(data, name);
  return words === '' ? '' : `: ${words}`;
}

type Words = (data: Data, locale: string | undefined) => EventWords;

/** The command that answers a request, as long as it can be answered. */
const answer = (data: Data): Pick<EventWords, 'next'> =>
  textOf(data, 'status') === 'pending' ? { next: `pay requests accept ${textOf(data, 'id')}` } : {};

const wordsOf: Readonly<Record<EventJson['type'], Words>> = {
  // Where the other side is the system, an administrator has acted.
  'payment.received': (data, locale) => ({
    text: `${textOf(data, 'from') || 'An administrator'} paid you ${moneyOf(data, 'received', locale)}${besides(data, 'memo')}`,
  }),
  'payment.debited': (data, locale) => ({
    text: `An administrator took ${moneyOf(data, 'sent', locale)} from your account${besides(data, 'memo')}`,
  }),
  'refund.received': (data, locale) => ({
    text: `${textOf(data, 'from')} gave you back ${moneyOf(data, 'received', locale)}${besides(data, 'memo')}`,
  }),
  'request.received': (data, locale) => ({
    text: `${textOf(data, 'requester')} asks you for ${moneyOf(data, 'amount', locale)}${besides(data, 'memo')}`,
    ...answer(data),
  }),
  'request.paid': (data, locale) => ({
    text: `${textOf(data, 'payer')} paid the ${moneyOf(data, 'amount', locale)} that you asked for${besides(data, 'memo')}`,
  }),
  'request.declined': (data, locale) => ({
    text: `${textOf(data, 'payer')} declined to pay ${moneyOf(data, 'amount', locale)}${besides(data, 'reason')}`,
  }),
  'request.cancelled': (data, locale) => ({
    text: `${textOf(data, 'requester')} no longer asks you for ${moneyOf(data, 'amount', locale)}${besides(data, 'memo')}`,
  }),
  'request.expired': (data, locale) => ({
    text: `The request of ${textOf(data, 'requester')} to ${textOf(data, 'payer')} for ${moneyOf(data, 'amount', locale)} expired${besides(data, 'memo')}`,
  }),
  'request.reminded': (data, locale) => ({
    text: `${textOf(data, 'requester')} reminds you of ${moneyOf(data, 'amount', locale)}${besides(data, 'memo')}`,
    ...answer(data),
  }),
  'session.opened': (data) => ({
    text: `Somebody logged in as you from a new place, ${textOf(data, 'address')}`,
    next: 'pay password',
  }),
  'token.created': (data) => ({
    text: `A token was made for you, ${textOf(data, 'name')}, from ${textOf(data, 'address')}`,
    next: `pay tokens revoke ${textOf(data, 'id')}`,
  }),
  'webhook.created': (data) => ({
    text: `A webhook was made for you, to ${textOf(data, 'url')}, from ${textOf(data, 'address')}`,
    next: `pay webhooks remove ${textOf(data, 'id')}`,
  }),
  'password.changed': (data) => ({
    text: `Your password was changed from ${textOf(data, 'address')}`,
  }),
  'password.reset': (data) => ({
    text: `An administrator reset your password${besides(data, 'reason')}`,
  }),
  'email.changed': (data) => ({
    text: `Your email address was changed to ${textOf(data, 'after')}, from ${textOf(data, 'address')}`,
    next: 'pay password',
  }),
  'second-factor.on': (data) => ({
    text: `Your second factor was switched on, from ${textOf(data, 'address')}`,
  }),
  'second-factor.off': (data) => ({
    text:
      textOf(data, 'reason') === ''
        ? `Your second factor was switched off, from ${textOf(data, 'address')}`
        : `An administrator switched your second factor off${besides(data, 'reason')}`,
    next: 'pay 2fa on',
  }),
  'second-factor.recovered': (data) => ({
    text: `A recovery code of yours was used, from ${textOf(data, 'address')}; ${String(data.left)} are left`,
    next: 'pay 2fa status',
  }),
  'account.frozen': (data) => ({ text: `Your account was frozen${besides(data, 'reason')}` }),
  'account.unfrozen': (data) => ({
    text: `Your account is no longer frozen${besides(data, 'reason')}`,
  }),
  'webhook.disabled': (data) => ({
    text: `Your webhook ${textOf(data, 'url')} is disabled: ${textOf(data, 'reason') || 'it failed for too long'}`,
    next: `pay webhooks deliveries ${textOf(data, 'id')}`,
  }),
};

/** An event in words; of a type that this program does not know yet, its name. */
export function eventWords({ type, data }: Pick<EventJson, 'type' | 'data'>, locale?: string): EventWords {
  return Object.hasOwn(wordsOf, type) ? wordsOf[type](data, locale) : { text: type };
}

/** The cells of an event for a pipe: id, time, type, what it says. */
export function eventCells(event: EventJson): string[] {
  return [event.id, event.at, event.type, eventWords(event, 'en-GB').text];
}
