import type { PaymentJson } from '../../server/features/payments/wire.js';
import { fetchPage, largestPage, type Part } from '../api/fetch-list.js';
import type { Filters, Item, ListName } from '../api/operation.js';
import type { Context } from '../context.js';

/** Something that a word can be completed to. What it says comes from others and is not made visible yet. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** The kinds of values that are not the program's own to know. */
export type LiveKind =
  | 'contact'
  | 'blocked'
  | 'incoming-request'
  | 'outgoing-request'
  | 'collection'
  | 'payment'
  | 'received-payment'
  | 'currency'
  | 'profile'
  | 'session'
  | 'token'
  | 'webhook'
  | 'account';

/** Gives the values of a kind as they are now. @throws Failure */
export type LiveValues = (kind: LiveKind) => Promise<readonly Candidate[]>;

type Source = Pick<Context, 'api' | 'config'>;

/** The newest items of a list. */
async function newest<One extends ListName>(
  { api }: Source,
  name: One,
  part: Part<One>,
): Promise<readonly Item<One>[]> {
  return (await fetchPage(await api(), name, { ...part, isQuiet: true }, largestPage)).data;
}

// Money as programs write it: to ask for the words of a locale would take longer than all the rest.
const plainMoney = ({ amount, currency }: PaymentJson['sent']) => `${amount} ${currency}`;

const withMemo = (text: string, memo: string | null) => (memo === null ? text : `${text}: ${memo}`);

function paymentText({ direction, from, to, sent, received, memo }: PaymentJson): string {
  const text =
    direction === 'sent'
      ? `${plainMoney(sent)} to ${to ?? 'the system'}`
      : `${plainMoney(received)} from ${from ?? 'the system'}`;
  return withMemo(text, memo);
}

/** Whom one has paid or been paid by, the latest first. */
async function contacts(source: Source): Promise<readonly Candidate[]> {
  const payments = await newest(source, 'GET /v1/payments', {});
  const latest = new Map<string, PaymentJson>();
  for (const payment of payments) {
    const name = payment.direction === 'sent' ? payment.to : payment.from;
    if (name !== null && !latest.has(name)) {
      latest.set(name, payment);
    }
  }
  return [...latest].map(([value, payment]) => ({ value, description: paymentText(payment) }));
}

async function payments(
  source: Source,
  query: Filters<'GET /v1/payments'> = {},
): Promise<readonly Candidate[]> {
  const found = await newest(source, 'GET /v1/payments', { query });
  return found.flatMap((payment) =>
    payment.id === null ? [] : [{ value: payment.id, description: paymentText(payment) }],
  );
}

async function requests(source: Source, direction: 'incoming' | 'outgoing'): Promise<readonly Candidate[]> {
  const pending = await newest(source, 'GET /v1/requests', { query: { direction, status: 'pending' } });
  return pending.map(({ id, requester, payer, amount, memo }) => {
    const who = direction === 'incoming' ? `${requester} asks you for` : `you ask ${payer} for`;
    return { value: id, description: withMemo(`${who} ${plainMoney(amount)}`, memo) };
  });
}

/** The open collections, by their names; one whose name is no plain word, by its id. */
async function collections(source: Source): Promise<readonly Candidate[]> {
  const open = await newest(source, 'GET /v1/collections', { query: { status: 'open' } });
  return open.map(({ id, name, counts, people }) => {
    const paid = `${counts.paid} of ${people} have paid`;
    return /^[\w.-]+$/.test(name)
      ? { value: name, description: paid }
      : { value: id, description: `${name}: ${paid}` };
  });
}

async function currencies({ api }: Source): Promise<readonly Candidate[]> {
  const { call } = await api();
  const { data } = await call('GET /v1/currencies', { isAnonymous: true, isQuiet: true });
  return data.map(({ code, name }) => ({ value: code, description: name }));
}

async function profiles({ config }: Source): Promise<readonly Candidate[]> {
  return Object.entries((await config()).profiles).map(([name, { username, server }]) => ({
    value: name,
    description: `${username} on ${server}`,
  }));
}

async function blocked(source: Source): Promise<readonly Candidate[]> {
  const blocks = await newest(source, 'GET /v1/blocks', {});
  return blocks.map(({ username }) => ({ value: username, description: 'blocked' }));
}

async function tokens({ api }: Source): Promise<readonly Candidate[]> {
  const { call } = await api();
  const { data } = await call('GET /v1/tokens', { isQuiet: true });
  return data.map(({ id, name, scopes }) => ({ value: id, description: `${name}: ${scopes.join(',')}` }));
}

async function sessions({ api }: Source): Promise<readonly Candidate[]> {
  const { call } = await api();
  const { data } = await call('GET /v1/sessions', { isQuiet: true });
  return data.map(({ id, address, current }) => ({
    value: id,
    description: current ? 'this one' : `from ${address}`,
  }));
}

async function webhooks(source: Source): Promise<readonly Candidate[]> {
  const found = await newest(source, 'GET /v1/webhooks', {});
  return found.map(({ id, url }) => ({ value: id, description: url }));
}

/** Every user, for administrators. */
async function accounts(source: Source): Promise<readonly Candidate[]> {
  const users = await newest(source, 'GET /v1/admin/users', {});
  return users.map(({ username, displayName }) => ({ value: username, description: displayName ?? '' }));
}

const finders: Readonly<Record<LiveKind, (source: Source) => Promise<readonly Candidate[]>>> = {
  contact: contacts,
  blocked,
  payment: (source) => payments(source),
  'received-payment': (source) => payments(source, { direction: 'received' }),
  'incoming-request': (source) => requests(source, 'incoming'),
  'outgoing-request': (source) => requests(source, 'outgoing'),
  collection: collections,
  currency: currencies,
  profile: profiles,
  session: sessions,
  token: tokens,
  webhook: webhooks,
  account: accounts,
};

/** The values as the server and the folder have them now. */
export function askLiveValues(source: Source): LiveValues {
  return (kind) => finders[kind](source);
}
