import type { TableForm } from './table-form.js';

export interface SessionRow {
  readonly id: number;
  readonly user_id: number;
  readonly token_hash: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly ended_at: number | null;
  /** The IP address that the session was opened from. */
  readonly address: string;
  /** Whether the user had opened sessions before: none at all, none from this address, or some from it. */
  readonly place: 'first' | 'new' | 'known';
  /** When the session was last used, to within a minute or so: it is not written at every request. */
  readonly last_used_at: number;
  /** When the session ends where it is not used before. */
  readonly idle_until: number;
}

export const sessions: TableForm<SessionRow> = {
  columns: [
    'id',
    'user_id',
    'token_hash',
    'created_at',
    'expires_at',
    'ended_at',
    'address',
    'place',
    'last_used_at',
    'idle_until',
  ],
  primaryKey: ['id'],
  changeable: ['ended_at', 'last_used_at', 'idle_until'],
  bytes: ['token_hash'],
  isNumbered: true,
};

export interface TokenRow {
  readonly id: number;
  readonly user_id: number;
  readonly name: string;
  /** The scopes, separated by spaces. */
  readonly scopes: string;
  readonly token_hash: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly revoked_at: number | null;
  /** When the token was last used, to within a minute or so; null before. */
  readonly last_used_at: number | null;
}

export const tokens: TableForm<TokenRow> = {
  columns: [
    'id',
    'user_id',
    'name',
    'scopes',
    'token_hash',
    'created_at',
    'expires_at',
    'revoked_at',
    'last_used_at',
  ],
  primaryKey: ['id'],
  changeable: ['revoked_at', 'last_used_at'],
  bytes: ['token_hash'],
  isNumbered: true,
};

/** How often a secret was tried in vain, by whose it is or where it was tried from. */
export interface GuessRow {
  readonly key: string;
  readonly failures: number;
  readonly last_at: number;
  /** Zero where the next try may come at once. */
  readonly blocked_until: number;
}

export const guesses: TableForm<GuessRow> = {
  columns: ['key', 'failures', 'last_at', 'blocked_until'],
  primaryKey: ['key'],
  changeable: ['failures', 'last_at', 'blocked_until'],
  bytes: [],
  isNumbered: false,
};

/** The second factor of a user besides the password: codes of an app, made of a secret and the time. */
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

export const secondFactors: TableForm<SecondFactorRow> = {
  columns: ['user_id', 'status', 'secret', 'last_step', 'above', 'recovery', 'since'],
  primaryKey: ['user_id'],
  changeable: ['status', 'secret', 'last_step', 'above', 'recovery', 'since'],
  bytes: [],
  isNumbered: false,
};

/** An invitation, with which somebody may be registered once. */
export interface InvitationRow {
  readonly id: number;
  /** The hash of its secret. */
  readonly token_hash: string;
  /** The person or thing that it is for. */
  readonly note: string;
  readonly created_by: number;
  readonly created_at: number;
  readonly expires_at: number;
  readonly revoked_at: number | null;
  /** The user who was registered with it. */
  readonly used_by: number | null;
  readonly used_at: number | null;
}

export const invitations: TableForm<InvitationRow> = {
  columns: [
    'id',
    'token_hash',
    'note',
    'created_by',
    'created_at',
    'expires_at',
    'revoked_at',
    'used_by',
    'used_at',
  ],
  primaryKey: ['id'],
  changeable: ['revoked_at', 'used_by', 'used_at'],
  bytes: ['token_hash'],
  isNumbered: true,
};
