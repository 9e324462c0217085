import type { Database } from '../../../db/connect.js';
import type { Rows, TableName } from '../../../db/rows.js';
import type { AuditRow, ChainHeadRow, IdempotencyKeyRow } from '../../../db/tables/acts.js';
import type {
  GuessRow,
  InvitationRow,
  SecondFactorRow,
  SessionRow,
  TokenRow,
} from '../../../db/tables/credentials.js';
import type { DeliveryRow, EventRow, InboxRow, WebhookRow } from '../../../db/tables/events.js';
import type { EntryRow, PaymentRow, RatesRow } from '../../../db/tables/payments.js';
import type { CollectionRow, FundsRefusalRow, RequestRow } from '../../../db/tables/requests.js';
import type { AccountRow, BlockRow, LimitRow, UserRow } from '../../../db/tables/users.js';
import { publicId } from '../../../server/ids.js';
import { exchangeAccountId, issuanceAccountId } from '../../../server/ledger/system-accounts.js';
import { readRows, storedRow } from './stored-rows.js';

const sha256 = (digit: string) => digit.repeat(64);

export const alice: UserRow = {
  id: 1,
  username: 'Alice',
  username_key: 'alice',
  email: 'Alice@Example.org',
  email_key: 'alice@example.org',
  display_name: null,
  display_name_folded: null,
  password_hash: 'none',
  role: 'user',
  status: 'active',
  currency: 'GBP',
  one_time_until: null,
  created_at: 1,
};

export const bob: UserRow = {
  ...alice,
  id: 2,
  username: 'bob',
  username_key: 'bob',
  email: 'bob@example.org',
  email_key: 'bob@example.org',
};

/** A user whom nobody knows yet. */
export const carol: UserRow = {
  ...alice,
  id: 3,
  username: 'carol',
  username_key: 'carol',
  email: 'carol@example.org',
  email_key: 'carol@example.org',
};

const account = (user: UserRow, balance: number): AccountRow => ({
  id: user.id,
  kind: 'customer',
  user_id: user.id,
  currency: user.currency,
  balance,
});

export const aliceAccount = account(alice, 900);
export const bobAccount = account(bob, 100);
export const carolAccount = account(carol, 0);

export const issuance: AccountRow = {
  id: issuanceAccountId('GBP'),
  kind: 'issuance',
  user_id: null,
  currency: 'GBP',
  balance: -1000,
};

export const exchange: AccountRow = {
  ...issuance,
  id: exchangeAccountId('GBP'),
  kind: 'exchange',
  balance: 0,
};

export const payment: PaymentRow = {
  id: 1,
  chain: 1,
  position: 1,
  kind: 'transfer',
  from_user_id: alice.id,
  to_user_id: bob.id,
  sent_amount: 100,
  sent_currency: 'GBP',
  received_amount: 100,
  received_currency: 'GBP',
  rate: '1',
  rates_id: null,
  memo: 'Lunch',
  memo_folded: 'lunch',
  request_id: null,
  refund_of: null,
  corrects: null,
  act: 7,
  created_at: 2,
  hash: sha256('1'),
};

/** One that would continue the chain. */
export const nextPayment: PaymentRow = {
  ...payment,
  id: 2,
  position: 2,
  hash: sha256('2'),
};

export const debit: EntryRow = {
  account_id: aliceAccount.id,
  kind: payment.kind,
  payment_id: payment.id,
  line: 1,
  amount: -100,
  balance_after: 900,
};

export const credit: EntryRow = {
  ...debit,
  line: 2,
  account_id: bobAccount.id,
  amount: 100,
  balance_after: 100,
};

export const session: SessionRow = {
  id: 1,
  user_id: alice.id,
  token_hash: sha256('a'),
  created_at: 1,
  expires_at: 2,
  ended_at: null,
  address: '127.0.0.1',
  place: 'first',
  last_used_at: 1,
  idle_until: 2,
};

export const token: TokenRow = {
  id: 1,
  user_id: alice.id,
  name: 'script',
  scopes: 'pay read',
  token_hash: sha256('b'),
  created_at: 1,
  expires_at: 2,
  revoked_at: null,
  last_used_at: null,
};

export const guess: GuessRow = { key: 'user 1', failures: 1, last_at: 1, blocked_until: 0 };

export const remembered: IdempotencyKeyRow = {
  user_id: alice.id,
  key: 'key-1',
  rule: 'send-payment',
  input_hash: sha256('c'),
  status: 201,
  answer: '{}',
  location: null,
  payment_id: null,
  created_at: 2,
};

export const request: RequestRow = {
  id: 1,
  requester_id: bob.id,
  payer_id: alice.id,
  amount: 100,
  currency: 'GBP',
  memo: null,
  status: 'pending',
  reason: null,
  payment_id: null,
  created_at: 3,
  expires_at: 4,
  closed_at: null,
  reminded_at: null,
  act: 7,
  collection_id: 1,
};

export const collection: CollectionRow = {
  id: 1,
  owner_id: bob.id,
  name: 'Trip',
  name_folded: 'trip',
  currency: 'GBP',
  created_at: 3,
  expires_at: 4,
  closed_at: null,
  reminded_at: null,
};

export const fundsRefusal: FundsRefusalRow = {
  requester_id: bob.id,
  payer_id: alice.id,
  since: 3,
  refusals: 5,
};

export const block: BlockRow = { blocker_id: bob.id, blocked_id: alice.id, created_at: 3, ended_at: 4 };

export const event: EventRow = {
  id: 1,
  user_id: bob.id,
  type: 'payment.received',
  at: 2,
  payment_id: null,
  data: '{}',
};

export const inbox: InboxRow = { user_id: bob.id, read_up_to: event.id };

export const webhook: WebhookRow = {
  id: 1,
  user_id: bob.id,
  url: 'https://example.org/hook',
  types: 'payment.received',
  secret: 'whsec_1',
  status: 'active',
  event_cursor: event.id,
  created_at: 1,
  session_id: null,
  token_id: null,
};

export const delivery: DeliveryRow = {
  id: 1,
  webhook_id: webhook.id,
  event_id: event.id,
  status: 'delivered',
  attempts: 1,
  next_attempt_at: null,
  retry_until: null,
  last_attempt_at: 3,
  last_status: 200,
  last_error: null,
  created_at: 2,
};

export const limit: LimitRow = {
  subject: publicId('usr', bob.id),
  user_id: bob.id,
  currency: 'GBP',
  per_payment: 100,
  per_day: null,
};

export const record: AuditRow = {
  id: 1,
  chain: 1,
  position: 1,
  at: 2,
  actor_id: alice.id,
  action: 'session.opened',
  subject: publicId('ses', session.id),
  address: '127.0.0.1',
  request_id: 'req-1',
  reason: null,
  before: null,
  after: '{}',
  credentials: null,
  hash: sha256('1'),
};

export const invitation: InvitationRow = {
  id: 1,
  token_hash: sha256('e'),
  note: 'class 5b',
  created_by: alice.id,
  created_at: 1,
  expires_at: 2,
  revoked_at: null,
  used_by: null,
  used_at: null,
};

export const rates: RatesRow = {
  id: 1,
  as_of: '2026-11-20',
  source: 'built-in table',
  base: 'GBP',
  currencies: '[]',
  created_at: 0,
};

export const secondFactor: SecondFactorRow = {
  user_id: 1,
  status: 'on',
  secret: '01234567.c2VhbGVk',
  last_step: 59_000_000,
  above: 10_000,
  recovery: sha256('5'),
  since: 7,
};

export const chainHeads: readonly ChainHeadRow[] = [
  { name: 'payments', chain: 1, position: payment.position, hash: payment.hash, at: payment.created_at },
  { name: 'audit', chain: 1, position: record.position, hash: record.hash, at: record.at },
];

/** Alice has paid Bob, and is logged in; Bob has asked her for more. */
export const story: { readonly [Table in TableName]: readonly Rows[Table][] } = {
  users: [alice, bob],
  accounts: [aliceAccount, bobAccount, issuance, exchange],
  rates: [rates],
  payments: [payment],
  entries: [debit, credit],
  sessions: [session],
  tokens: [token],
  guesses: [guess],
  left_behind: [{ user_id: alice.id, kibibytes: 4_096, until: 2 }],
  second_factors: [secondFactor],
  invitations: [invitation],
  idempotency_keys: [remembered],
  collections: [collection],
  requests: [request],
  funds_refusals: [fundsRefusal],
  blocks: [block],
  events: [event],
  inboxes: [inbox],
  webhooks: [webhook],
  deliveries: [delivery],
  limits: [limit],
  audit: [record],
  chain_heads: chainHeads,
};

const storyTables = Object.keys(story) as TableName[];

export async function writeStory(writer: Database): Promise<void> {
  for (const table of storyTables) {
    await writer(table).insert(story[table].map((row) => storedRow(table, row)));
  }
  await writer('chain_heads').where({ name: 'events' }).update({ position: event.id });
}

/** The rows of all tables. */
export async function readTables(database: Database): Promise<Record<string, unknown[]>> {
  const contents: Record<string, unknown[]> = {};
  for (const table of storyTables) {
    contents[table] = await readRows(database, table);
  }
  return contents;
}
