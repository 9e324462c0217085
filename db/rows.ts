/**
 * Rows as the tables hold them: names in snake case, amounts in minor units, times in microseconds since 1970, keys as
 * whole numbers in commit order, hashes in hexadecimal (the tables hold them as bytes).
 */

export interface UserRow {
  readonly id: number;
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
  /** Until when a one-time password can be used to set another; null where the password is the user's own. */
  readonly one_time_until: number | null;
  readonly created_at: number;
}

export interface AccountRow {
  readonly id: number;
  readonly kind: 'customer' | 'issuance' | 'exchange';
  readonly user_id: number | null;
  readonly currency: string;
  readonly balance: number;
}

/** A table of rates as it came into force; the newest is the one that counts. */
export interface RatesRow {
  readonly id: number;
  /** The date of the rates, as YYYY-MM-DD. */
  readonly as_of: string;
  /** Where they come from. */
  readonly source: string;
  readonly base: string;
  /** JSON: of each currency its code, name, symbol, digits and rate. */
  readonly currencies: string;
  readonly created_at: number;
}

export type PaymentKind = 'opening_credit' | 'transfer' | 'request' | 'refund' | 'adjustment';

export interface PaymentRow {
  readonly id: number;
  /** Which writer's chain of hashes the payment stands in, and where. */
  readonly chain: number;
  readonly position: number;
  readonly kind: PaymentKind;
  readonly from_user_id: number | null;
  readonly to_user_id: number | null;
  readonly sent_amount: number;
  readonly sent_currency: string;
  readonly received_amount: number;
  readonly received_currency: string;
  readonly rate: string;
  /** The rates that the rate is of; null within one currency. */
  readonly rates_id: number | null;
  readonly memo: string | null;
  /** The memo in lower case, to be searched regardless of case in any script; null where it is no other text. */
  readonly memo_folded: string | null;
  readonly request_id: number | null;
  readonly refund_of: number | null;
  /** The payment that an adjustment corrects. */
  readonly corrects: number | null;
  /** The same number for acts that are alike; null where nobody is asked about the like of it. */
  readonly act: number | null;
  readonly created_at: number;
  /** SHA-256 over all of this but the folded memo, the entries, date and source of the rates, and the hash of the payment before it in the chain. */
  readonly hash: string;
}

export interface EntryRow {
  readonly account_id: number;
  /** The payment's, so that an account's payments of one kind stand together. */
  readonly kind: PaymentKind;
  readonly payment_id: number;
  readonly line: number;
  readonly amount: number;
  readonly balance_after: number;
}

export interface SessionRow {
  readonly id: number;
  readonly user_id: number;
  readonly token_hash: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly ended_at: number | null;
  /** The IP address that it was opened from. */
  readonly address: string;
  /** Whether the user had opened sessions before: none at all, none from this address, or some from it. */
  readonly place: 'first' | 'new' | 'known';
  /** To within a minute or so: it is not written at every request. */
  readonly last_used_at: number;
  /** When it ends where it is not used before. */
  readonly idle_until: number;
}

export interface TokenRow {
  readonly id: number;
  readonly user_id: number;
  readonly name: string;
  /** Separated by spaces. */
  readonly scopes: string;
  readonly token_hash: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly revoked_at: number | null;
  /** To within a minute or so; null before it was used. */
  readonly last_used_at: number | null;
}

/** How often a secret was tried in vain, by whose it is or where it was tried from. */
export interface GuessRow {
  readonly key: string;
  readonly failures: number;
  readonly last_at: number;
  /** Zero where the next try may come at once. */
  readonly blocked_until: number;
}

/** How much a user has left behind in the database for good, as far as it was noted: of a window that ends. */
export interface LeftBehindRow {
  readonly user_id: number;
  readonly kibibytes: number;
  readonly until: number;
}

/** What a user shows besides the password: codes of an app, made of a secret and the time. */
export interface SecondFactorRow {
  readonly user_id: number;
  /** Pending until a first code has shown that the app knows the secret. */
  readonly status: 'pending' | 'on' | 'off';
  /** Sealed with a key that is not in the database; null once it is off. */
  readonly secret: string | null;
  /** The newest time step of which a code was used; zero before the first. */
  readonly last_step: number;
  /** Payments of more than so many minor units ask for a code; null where none does. */
  readonly above: number | null;
  /** SHA-256 of each recovery code that is left, in hexadecimal, separated by spaces. */
  readonly recovery: string;
  /** Since when its status is what it is. */
  readonly since: number;
}

/** What somebody may be registered with, once. */
export interface InvitationRow {
  readonly id: number;
  /** Of its secret. */
  readonly token_hash: string;
  /** Whom it is for, or what. */
  readonly note: string;
  readonly created_by: number;
  readonly created_at: number;
  readonly expires_at: number;
  readonly revoked_at: number | null;
  /** The user who was registered with it. */
  readonly used_by: number | null;
  readonly used_at: number | null;
}

export interface IdempotencyKeyRow {
  readonly user_id: number;
  readonly key: string;
  readonly rule: string;
  readonly input_hash: string;
  readonly status: number;
  /**
   * The JSON body that was answered, byte for byte. With a payment it is made anew from that, which never changes, and
   * this is what else it takes; null where it takes nothing else. Long texts are packed.
   */
  readonly answer: string | null;
  readonly location: string | null;
  /** The payment that the answer is, or the first of those that it tells of, which have the numbers after it. */
  readonly payment_id: number | null;
  readonly created_at: number;
}

export type RequestStatus = 'pending' | 'paid' | 'declined' | 'cancelled' | 'expired';

export interface RequestRow {
  readonly id: number;
  readonly requester_id: number;
  readonly payer_id: number;
  readonly amount: number;
  /** The requester's or the payer's. */
  readonly currency: string;
  readonly memo: string | null;
  readonly status: RequestStatus;
  /** Why it was declined. */
  readonly reason: string | null;
  readonly payment_id: number | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly closed_at: number | null;
  readonly reminded_at: number | null;
  /** The same number for requests that are alike. */
  readonly act: number;
  /** The collection that it belongs to. */
  readonly collection_id: number | null;
}

/** What somebody collects from many under one name; each is asked by a request that names it. */
export interface CollectionRow {
  readonly id: number;
  readonly owner_id: number;
  readonly name: string;
  /** The name regardless of case: of the open ones of a user each has another. */
  readonly name_folded: string;
  /** The currency of all its requests. */
  readonly currency: string;
  readonly created_at: number;
  /** When its requests expire; from then on it takes no others. */
  readonly expires_at: number;
  /** Null while it takes others. */
  readonly closed_at: number | null;
  readonly reminded_at: number | null;
}

/** How often a requester was refused since a time because a payer holds less: one row for each two. */
export interface FundsRefusalRow {
  readonly requester_id: number;
  readonly payer_id: number;
  readonly since: number;
  readonly refusals: number;
}

export interface BlockRow {
  readonly blocker_id: number;
  readonly blocked_id: number;
  readonly created_at: number;
  /** Null while it holds. */
  readonly ended_at: number | null;
}

export interface EventRow {
  readonly id: number;
  readonly user_id: number;
  readonly type: string;
  readonly at: number;
  /** The payment that it tells of; null where `data` says all. */
  readonly payment_id: number | null;
  /** JSON; null where it is the payment as the user sees it. */
  readonly data: string | null;
}

export interface InboxRow {
  readonly user_id: number;
  /** The id of the newest event that was read. */
  readonly read_up_to: number;
}

export interface WebhookRow {
  readonly id: number;
  readonly user_id: number;
  readonly url: string;
  /** Types of events, separated by spaces. */
  readonly types: string;
  /** Empty once it is deleted. */
  readonly secret: string;
  readonly status: 'active' | 'disabled' | 'deleted';
  /** The id of the event up to which deliveries exist. */
  readonly event_cursor: number;
  readonly created_at: number;
  /** What it was made with, and ends with: a session or a personal token; neither of one made before that was kept. */
  readonly session_id: number | null;
  readonly token_id: number | null;
}

export interface DeliveryRow {
  readonly id: number;
  readonly webhook_id: number;
  readonly event_id: number;
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
  /** The code of the currency, or the user's id as the world sees it. */
  readonly subject: string;
  /** Null where it is a currency's. */
  readonly user_id: number | null;
  readonly currency: string;
  /** Minor units; null sets no limit. */
  readonly per_payment: number | null;
  readonly per_day: number | null;
}

/** A record of who did what; append-only. */
export interface AuditRow {
  readonly id: number;
  /** Which writer's chain of hashes the record stands in, and where. */
  readonly chain: number;
  readonly position: number;
  readonly at: number;
  /** Null for nobody who is known: a failed login, the operator. */
  readonly actor_id: number | null;
  readonly action: string;
  /** Whom or what it was done to: a username, or an id. */
  readonly subject: string | null;
  readonly address: string;
  readonly request_id: string;
  readonly reason: string | null;
  /** JSON. */
  readonly before: string | null;
  readonly after: string | null;
  /** JSON: what credentials are since the act, by their names; null where it makes, changes and ends none. */
  readonly credentials: string | null;
  /** SHA-256 over all of this and the hash of the record before it in the chain. */
  readonly hash: string;
}

/**
 * Where a writer's chain of hashes ends: what its next payment or record continues. Two more, of
 * chain 0 and without hashes: `commits` counts the batches of all writers, by which a writer sees that the books have
 * moved since it decided; `events` is the number of the newest event.
 */
export interface ChainHeadRow {
  readonly name: 'payments' | 'audit' | 'commits' | 'events';
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

export type TableName = keyof Rows;
