/** Rows as the tables hold them: names in snake case, amounts in minor units, times in microseconds since 1970. */

export interface UserRow {
  readonly id: string;
  readonly username: string;
  /** The username in lower case: names are unique regardless of case. */
  readonly username_key: string;
  readonly email: string;
  readonly email_key: string;
  readonly display_name: string | null;
  /** The display name in lower case, to be searched regardless of case in any script. */
  readonly display_name_folded: string | null;
  readonly password_hash: string;
  readonly role: 'user' | 'admin';
  readonly status: 'active' | 'frozen';
  readonly currency: string;
  readonly must_change_password: 0 | 1;
  readonly created_at: number;
}

export interface AccountRow {
  readonly id: string;
  readonly kind: 'customer' | 'issuance' | 'exchange';
  readonly user_id: string | null;
  readonly currency: string;
  readonly balance: number;
}

export type PaymentKind = 'opening_credit' | 'transfer' | 'request' | 'refund' | 'adjustment';

export interface PaymentRow {
  readonly id: string;
  /** Which writer's chain of hashes the payment stands in, and where. */
  readonly chain: number;
  readonly position: number;
  readonly kind: PaymentKind;
  readonly from_user_id: string | null;
  readonly to_user_id: string | null;
  readonly sent_amount: number;
  readonly sent_currency: string;
  readonly received_amount: number;
  readonly received_currency: string;
  readonly rate: string;
  readonly memo: string | null;
  /** The memo in lower case, to be searched regardless of case in any script. */
  readonly memo_folded: string | null;
  readonly request_id: string | null;
  readonly refund_of: string | null;
  readonly created_at: number;
  readonly previous_hash: string;
  readonly hash: string;
}

export interface EntryRow {
  readonly payment_id: string;
  readonly line: number;
  readonly account_id: string;
  readonly amount: number;
  readonly balance_after: number;
}

export interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly token_hash: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly ended_at: number | null;
  /** The IP address that it was opened from. */
  readonly address: string;
  /** Whether the user had opened sessions before: none at all, none from this address, or some from it. */
  readonly place: 'first' | 'new' | 'known';
}

export interface TokenRow {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  /** Separated by spaces. */
  readonly scopes: string;
  readonly token_hash: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly revoked_at: number | null;
}

export interface IdempotencyKeyRow {
  readonly user_id: string;
  readonly key: string;
  readonly rule: string;
  readonly input_hash: string;
  readonly status: number;
  /** The JSON body that was answered, byte for byte. */
  readonly answer: string;
  readonly location: string | null;
  readonly created_at: number;
}

export type RequestStatus = 'pending' | 'paid' | 'declined' | 'cancelled' | 'expired';

export interface RequestRow {
  readonly id: string;
  readonly requester_id: string;
  readonly payer_id: string;
  readonly amount: number;
  /** The requester's or the payer's. */
  readonly currency: string;
  readonly memo: string | null;
  readonly status: RequestStatus;
  /** Why it was declined. */
  readonly reason: string | null;
  readonly payment_id: string | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly closed_at: number | null;
  readonly reminded_at: number | null;
}

export interface BlockRow {
  readonly blocker_id: string;
  readonly blocked_id: string;
  readonly created_at: number;
  /** Null while it holds. */
  readonly ended_at: number | null;
}

export interface EventRow {
  readonly id: string;
  readonly user_id: string;
  readonly type: string;
  readonly at: number;
  /** JSON. */
  readonly data: string;
}

export interface InboxRow {
  readonly user_id: string;
  /** The id of the newest event that was read. */
  readonly read_up_to: string;
}

export interface WebhookRow {
  readonly id: string;
  readonly user_id: string;
  readonly url: string;
  /** Types of events, separated by spaces. */
  readonly types: string;
  /** Empty once it is deleted. */
  readonly secret: string;
  readonly status: 'active' | 'disabled' | 'deleted';
  /** The id of the event up to which deliveries exist. */
  readonly event_cursor: string;
  readonly created_at: number;
}

export interface DeliveryRow {
  readonly id: string;
  readonly webhook_id: string;
  readonly event_id: string;
  readonly status: 'pending' | 'delivered' | 'failed';
  /** Since it was made, or asked for again. */
  readonly attempts: number;
  readonly next_attempt_at: number | null;
  /** When it is given up; null before it has failed once. */
  readonly retry_until: number | null;
  readonly last_attempt_at: number | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly created_at: number;
}

/** How much users may pay: those who hold a currency, or one user. */
export interface LimitRow {
  /** The code of the currency, or the user's id. */
  readonly subject: string;
  /** Null where it is a currency's. */
  readonly user_id: string | null;
  readonly currency: string;
  /** Minor units; null sets no limit. */
  readonly per_payment: number | null;
  readonly per_day: number | null;
}

/** A record of who did what; append-only. */
export interface AuditRow {
  readonly id: string;
  /** Which writer's chain of hashes the record stands in, and where. */
  readonly chain: number;
  readonly position: number;
  readonly at: number;
  /** Null for nobody who is known: a failed login, the operator. */
  readonly actor_id: string | null;
  readonly action: string;
  /** Whom or what it was done to: a username, or an id. */
  readonly subject: string | null;
  readonly address: string;
  readonly request_id: string;
  readonly reason: string | null;
  /** JSON. */
  readonly before: string | null;
  readonly after: string | null;
  readonly previous_hash: string;
  readonly hash: string;
}

/** Where a writer's chain of hashes ends: what its next payment or record continues. */
export interface ChainHeadRow {
  readonly name: 'payments' | 'audit';
  readonly chain: number;
  /** Zero before the first link. */
  readonly position: number;
  readonly hash: string;
  /** The time of the newest link; zero before the first. */
  readonly at: number;
}

export interface Rows {
  readonly users: UserRow;
  readonly accounts: AccountRow;
  readonly payments: PaymentRow;
  readonly entries: EntryRow;
  readonly sessions: SessionRow;
  readonly tokens: TokenRow;
  readonly idempotency_keys: IdempotencyKeyRow;
  readonly requests: RequestRow;
  readonly blocks: BlockRow;
  readonly events: EventRow;
  readonly inboxes: InboxRow;
  readonly webhooks: WebhookRow;
  readonly deliveries: DeliveryRow;
  readonly limits: LimitRow;
  readonly audit: AuditRow;
  readonly chain_heads: ChainHeadRow;
}

export type TableName = keyof Rows;

/** The primary key of each table. */
export const primaryKeys = {
  users: ['id'],
  accounts: ['id'],
  payments: ['id'],
  entries: ['payment_id', 'line'],
  sessions: ['id'],
  tokens: ['id'],
  idempotency_keys: ['user_id', 'key'],
  requests: ['id'],
  blocks: ['blocker_id', 'blocked_id'],
  events: ['id'],
  inboxes: ['user_id'],
  webhooks: ['id'],
  deliveries: ['id'],
  limits: ['subject'],
  audit: ['id'],
  chain_heads: ['name', 'chain'],
} as const satisfies { readonly [Table in TableName]: readonly (keyof Rows[Table])[] };
