import type { AuditRow, ChainHeadRow, IdempotencyKeyRow } from './tables/acts.js';
import type { GuessRow, InvitationRow, SecondFactorRow, SessionRow, TokenRow } from './tables/credentials.js';
import type { DeliveryRow, EventRow, InboxRow, WebhookRow } from './tables/events.js';
import type { EntryRow, PaymentRow, RatesRow } from './tables/payments.js';
import type { CollectionRow, FundsRefusalRow, RequestRow } from './tables/requests.js';
import type { AccountRow, BlockRow, LeftBehindRow, LimitRow, UserRow } from './tables/users.js';

/**
 * Rows as the tables hold them: names in snake case, amounts in minor units, times in microseconds since 1970, keys as
 * whole numbers in commit order, hashes in hexadecimal (the tables hold them as bytes).
 */
interface RowsByTable {
  readonly users: UserRow;
  readonly accounts: AccountRow;
  readonly rates: RatesRow;
  readonly payments: PaymentRow;
  readonly entries: EntryRow;
  readonly sessions: SessionRow;
  readonly tokens: TokenRow;
  readonly guesses: GuessRow;
  readonly left_behind: LeftBehindRow;
  readonly second_factors: SecondFactorRow;
  readonly invitations: InvitationRow;
  readonly idempotency_keys: IdempotencyKeyRow;
  readonly collections: CollectionRow;
  readonly requests: RequestRow;
  readonly funds_refusals: FundsRefusalRow;
  readonly blocks: BlockRow;
  readonly events: EventRow;
  readonly inboxes: InboxRow;
  readonly webhooks: WebhookRow;
  readonly deliveries: DeliveryRow;
  readonly limits: LimitRow;
  readonly audit: AuditRow;
  readonly chain_heads: ChainHeadRow;
}

/** The row of each table, as a type that is also one of any columns: an interface is not. */
export type Rows = {
  readonly [Table in keyof RowsByTable]: {
    readonly [Column in keyof RowsByTable[Table]]: RowsByTable[Table][Column];
  };
};

export type TableName = keyof Rows;
