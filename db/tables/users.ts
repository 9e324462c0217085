import type { TableForm } from './table-form.js';

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

export const users: TableForm<UserRow> = {
  columns: [
    'id',
    'username',
    'username_key',
    'email',
    'email_key',
    'display_name',
    'display_name_folded',
    'password_hash',
    'role',
    'status',
    'currency',
    'one_time_until',
    'created_at',
  ],
  primaryKey: ['id'],
  changeable: [
    'email',
    'email_key',
    'display_name',
    'display_name_folded',
    'password_hash',
    'role',
    'status',
    'one_time_until',
  ],
  bytes: [],
  isNumbered: true,
};

export interface AccountRow {
  readonly id: number;
  readonly kind: 'customer' | 'issuance' | 'exchange';
  readonly user_id: number | null;
  readonly currency: string;
  readonly balance: number;
}

export const accounts: TableForm<AccountRow> = {
  columns: ['id', 'kind', 'user_id', 'currency', 'balance'],
  primaryKey: ['id'],
  changeable: ['balance'],
  bytes: [],
  isNumbered: true,
};

/** How much a user has left behind in the database for good, as far as it was noted: of a window that ends. */
export interface LeftBehindRow {
  readonly user_id: number;
  readonly kibibytes: number;
  readonly until: number;
}

export const leftBehind: TableForm<LeftBehindRow> = {
  columns: ['user_id', 'kibibytes', 'until'],
  primaryKey: ['user_id'],
  changeable: ['kibibytes', 'until'],
  bytes: [],
  isNumbered: false,
};

export interface BlockRow {
  readonly blocker_id: number;
  readonly blocked_id: number;
  readonly created_at: number;
  /** When the block ended; null while it holds. */
  readonly ended_at: number | null;
}

export const blocks: TableForm<BlockRow> = {
  columns: ['blocker_id', 'blocked_id', 'created_at', 'ended_at'],
  primaryKey: ['blocker_id', 'blocked_id'],
  changeable: ['created_at', 'ended_at'],
  bytes: [],
  isNumbered: false,
};

/** How much users may pay: those who hold a currency, or one user. */
export interface LimitRow {
  /** The code of the currency, or the user's id as the world sees it. */
  readonly subject: string;
  /** The user whom it holds for; null where it is a currency's. */
  readonly user_id: number | null;
  readonly currency: string;
  /** The most of one payment, in minor units; null sets no limit. */
  readonly per_payment: number | null;
  readonly per_day: number | null;
}

export const limits: TableForm<LimitRow> = {
  columns: ['subject', 'user_id', 'currency', 'per_payment', 'per_day'],
  primaryKey: ['subject'],
  changeable: ['per_payment', 'per_day'],
  bytes: [],
  isNumbered: false,
};
