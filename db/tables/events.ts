import type { TableForm } from './table-form.js';

/** What a user was told, but for receipts: those are entries, and take no row here. */
export interface EventRow {
  /** In one order with the numbers of receipts. */
  readonly id: number;
  readonly user_id: number;
  readonly type: string;
  readonly at: number;
  /** The payment that the event tells of; null where `data` says all. */
  readonly payment_id: number | null;
  /** JSON; null where it is the payment as the user sees it. */
  readonly data: string | null;
}

export const events: TableForm<EventRow> = {
  columns: ['user_id', 'id', 'type', 'at', 'payment_id', 'data'],
  primaryKey: ['user_id', 'id'],
  changeable: [],
  bytes: [],
  isNumbered: true,
};

export interface InboxRow {
  readonly user_id: number;
  /** The id of the newest event that was read. */
  readonly read_up_to: number;
}

export const inboxes: TableForm<InboxRow> = {
  columns: ['user_id', 'read_up_to'],
  primaryKey: ['user_id'],
  changeable: ['read_up_to'],
  bytes: [],
  isNumbered: false,
};

export interface WebhookRow {
  readonly id: number;
  readonly user_id: number;
  readonly url: string;
  /** Types of events, separated by spaces. */
  readonly types: string;
  /** The secret that deliveries are signed with; empty once the webhook is deleted. */
  readonly secret: string;
  readonly status: 'active' | 'disabled' | 'deleted';
  /** The id of the event up to which deliveries exist. */
  readonly event_cursor: number;
  readonly created_at: number;
  /**
   * The session or the personal token that the webhook was made with, and ends with; of one made before that was kept there
   * is neither.
   */
  readonly session_id: number | null;
  readonly token_id: number | null;
}

export const webhooks: TableForm<WebhookRow> = {
  columns: [
    'id',
    'user_id',
    'url',
    'types',
    'secret',
    'status',
    'event_cursor',
    'created_at',
    'session_id',
    'token_id',
  ],
  primaryKey: ['id'],
  changeable: ['secret', 'status', 'event_cursor'],
  bytes: [],
  isNumbered: true,
};

export interface DeliveryRow {
  readonly id: number;
  readonly webhook_id: number;
  readonly event_id: number;
  readonly status: 'pending' | 'delivered' | 'failed';
  /** How often it was tried since it was made, or asked for again. */
  readonly attempts: number;
  readonly next_attempt_at: number | null;
  /** When it is given up; null before it has failed once. */
  readonly retry_until: number | null;
  readonly last_attempt_at: number | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly created_at: number;
}

export const deliveries: TableForm<DeliveryRow> = {
  columns: [
    'id',
    'webhook_id',
    'event_id',
    'status',
    'attempts',
    'next_attempt_at',
    'retry_until',
    'last_attempt_at',
    'last_status',
    'last_error',
    'created_at',
  ],
  primaryKey: ['id'],
  changeable: [
    'status',
    'attempts',
    'next_attempt_at',
    'retry_until',
    'last_attempt_at',
    'last_status',
    'last_error',
  ],
  bytes: [],
  isNumbered: true,
};
