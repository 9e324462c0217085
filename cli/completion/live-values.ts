import type { UserJson } from '../../server/features/accounts/wire.js';
import type { BlockJson } from '../../server/features/blocks/wire.js';
import type { CurrencyListJson } from '../../server/features/conversion/wire.js';
import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { RequestJson } from '../../server/features/requests/wire.js';
import type { LiveSessionJson } from '../../server/features/sessions/wire.js';
import type { TokenJson } from '../../server/features/tokens/wire.js';
import type { WebhookJson } from '../../server/features/webhooks/wire.js';
import { largestPage } from '../api/fetch-list.js';
import type { ListJson } from '../api/list-json.js';
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

async function listOf<Item>(
  { api }: Source,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<readonly Item[]> {
  const { json } = await api();
  const { data } = await json<ListJson<Item>>({
    method: 'GET',
    path,
    query: { limit: String(largestPage), ...query },
    isQuiet: true,
  });
  return data;
}

async function wholeListOf<Item>({ api }: Source, path: string): Promise<readonly Item[]> {
  const { json } = await api();
  return (await json<{ readonly data: readonly Item[] }>({ method: 'GET', path, isQuiet: true })).data;
}

// Not as people read it: to ask for the words of a locale would take longer than all the rest.
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
  const payments = await listOf<PaymentJson>(source, '/v1/payments');
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
  query: Readonly<Record<string, string>> = {},
): Promise<readonly Candidate[]> {
  const found = await listOf<PaymentJson>(source, '/v1/payments', query);
  return found.flatMap((payment) =>
    payment.id === null ? [] : [{ value: payment.id, description: paymentText(payment) }],
  );
}

async function requests(source: Source, direction: 'incoming' | 'outgoing'): Promise<readonly Candidate[]> {
  const pending = await listOf<RequestJson>(source, '/v1/requests', { direction, status: 'pending' });
  return pending.map(({ id, requester, payer, amount, memo }) => {
    const who = direction === 'incoming' ? `${requester} asks you for` : `you ask ${payer} for`;
    return { value: id, description: withMemo(`${who} ${plainMoney(amount)}`, memo) };
  });
}

async function currencies({ api }: Source): Promise<readonly Candidate[]> {
  const { json } = await api();
  const { data } = await json<CurrencyListJson>({
    method: 'GET',
    path: '/v1/currencies',
    isAnonymous: true,
    isQuiet: true,
  });
  return data.map(({ code, name }) => ({ value: code, description: name }));
}

async function profiles({ config }: Source): Promise<readonly Candidate[]> {
  return Object.entries((await config()).profiles).map(([name, { username, server }]) => ({
    value: name,
    description: `${username} on ${server}`,
  }));
}

async function blocked(source: Source): Promise<readonly Candidate[]> {
  const blocks = await listOf<BlockJson>(source, '/v1/blocks');
  return blocks.map(({ username }) => ({ value: username, description: 'blocked' }));
}

async function tokens(source: Source): Promise<readonly Candidate[]> {
  const found = await wholeListOf<TokenJson>(source, '/v1/tokens');
  return found.map(({ id, name, scopes }) => ({ value: id, description: `${name}: ${scopes.join(',')}` }));
}

async function sessions(source: Source): Promise<readonly Candidate[]> {
  const found = await listOf<LiveSessionJson>(source, '/v1/sessions');
  return found.map(({ id, address, current }) => ({
    value: id,
    description: current ? 'this one' : `from ${address}`,
  }));
}

async function webhooks(source: Source): Promise<readonly Candidate[]> {
  const found = await wholeListOf<WebhookJson>(source, '/v1/webhooks');
  return found.map(({ id, url }) => ({ value: id, description: url }));
}

/** Every user, for administrators. */
async function accounts(source: Source): Promise<readonly Candidate[]> {
  const users = await listOf<UserJson>(source, '/v1/admin/users');
  return users.map(({ username, displayName }) => ({ value: username, description: displayName ?? '' }));
}

const finders: Readonly<Record<LiveKind, (source: Source) => Promise<readonly Candidate[]>>> = {
  contact: contacts,
  blocked,
  payment: (source) => payments(source),
  'received-payment': (source) => payments(source, { direction: 'received' }),
  'incoming-request': (source) => requests(source, 'incoming'),
  'outgoing-request': (source) => requests(source, 'outgoing'),
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
