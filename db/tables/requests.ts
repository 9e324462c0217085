import type { TableForm } from './table-form.js';

/** A collection, by which somebody collects from many under one name; each is asked by a request that names it. */
export interface CollectionRow {
  readonly id: number;
  readonly owner_id: number;
  readonly name: string;
  /** The name regardless of case: of the open ones of a user each has another. */
  readonly name_folded: string;
  /** The currency of all its requests. */
  readonly currency: string;
  readonly created_at: number;
  /** When the requests of the collection expire; from then on it takes no others. */
  readonly expires_at: number;
  /** When the collection was closed; null while it takes others. */
  readonly closed_at: number | null;
  readonly reminded_at: number | null;
}

export const collections: TableForm<CollectionRow> = {
  columns: [
    'id',
    'owner_id',
    'name',
    'name_folded',
    'currency',
    'created_at',
    'expires_at',
    'closed_at',
    'reminded_at',
  ],
  primaryKey: ['id'],
  changeable: ['closed_at', 'reminded_at'],
  bytes: [],
  isNumbered: true,
};

export type RequestStatus = 'pending' | 'paid' | 'declined' | 'cancelled' | 'expired';

export interface RequestRow {
  readonly id: number;
  readonly requester_id: number;
  readonly payer_id: number;
  readonly amount: number;
  /** The currency of the requester or of the payer. */
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
  /** The number that requests which are alike share. */
  readonly act: number;
  /** The collection that it belongs to. */
  readonly collection_id: number | null;
}

export const requests: TableForm<RequestRow> = {
  columns: [
    'id',
    'requester_id',
    'payer_id',
    'amount',
    'currency',
    'memo',
    'status',
    'reason',
    'payment_id',
    'created_at',
    'expires_at',
    'closed_at',
    'reminded_at',
    'act',
    'collection_id',
  ],
  primaryKey: ['id'],
  changeable: ['status', 'reason', 'payment_id', 'closed_at', 'reminded_at'],
  bytes: [],
  isNumbered: true,
};

/** How often a requester was refused since a time because a payer holds less: one row for each two. */
export interface FundsRefusalRow {
  readonly requester_id: number;
  readonly payer_id: number;
  readonly since: number;
  readonly refusals: number;
}

export const fundsRefusals: TableForm<FundsRefusalRow> = {
  columns: ['requester_id', 'payer_id', 'since', 'refusals'],
  primaryKey: ['requester_id', 'payer_id'],
  changeable: ['since', 'refusals'],
  bytes: [],
  isNumbered: false,
};
