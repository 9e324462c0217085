import type { AccountRow, AuditRow, EntryRow, PaymentRow, RequestRow } from '../../db/rows.js';

/** Every column of the tables that the check reads: the compiler sees that none is left out. */
const columnsOf = <Row>(columns: Record<keyof Row & string, true>) =>
  Object.keys(columns) as (keyof Row & string)[];

export const accountColumns = columnsOf<AccountRow>({
  id: true,
  kind: true,
  user_id: true,
  currency: true,
  balance: true,
});

export const paymentColumns = columnsOf<PaymentRow>({
  id: true,
  chain: true,
  position: true,
  kind: true,
  from_user_id: true,
  to_user_id: true,
  sent_amount: true,
  sent_currency: true,
  received_amount: true,
  received_currency: true,
  rate: true,
  memo: true,
  memo_folded: true,
  request_id: true,
  refund_of: true,
  created_at: true,
  previous_hash: true,
  hash: true,
});

export const entryColumns = columnsOf<EntryRow>({
  payment_id: true,
  line: true,
  account_id: true,
  amount: true,
  balance_after: true,
});

export const requestColumns = columnsOf<RequestRow>({
  id: true,
  requester_id: true,
  payer_id: true,
  amount: true,
  currency: true,
  memo: true,
  status: true,
  reason: true,
  payment_id: true,
  created_at: true,
  expires_at: true,
  closed_at: true,
  reminded_at: true,
});

export const auditColumns = columnsOf<AuditRow>({
  id: true,
  chain: true,
  position: true,
  at: true,
  actor_id: true,
  action: true,
  subject: true,
  address: true,
  request_id: true,
  reason: true,
  before: true,
  after: true,
  previous_hash: true,
  hash: true,
});
