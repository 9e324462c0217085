import type { AuditRow } from '../../db/tables/acts.js';
import type { Book } from './book/book.js';
import { auditHash } from './chain.js';
import type { CredentialStates } from './credential-state.js';
import type { Caller, Moment } from './rule.js';

/** The actions of the audit trail, `<noun>.<past participle>`. */
export const actions = [
  'admin.registered',
  'block.ended',
  'block.set',
  'invitation.created',
  'invitation.revoked',
  'limits.changed',
  'rates.changed',
  'password.changed',
  'password.refused',
  'password.reset',
  'payment.adjusted',
  'profile.changed',
  'second-factor.begun',
  'second-factor.changed',
  'second-factor.off',
  'second-factor.on',
  'second-factor.recovered',
  'second-factor.refused',
  'session.ended',
  'session.opened',
  'session.refused',
  'token.created',
  'token.revoked',
  'user.demoted',
  'user.frozen',
  'user.promoted',
  'user.registered',
  'user.unfrozen',
  'webhook.created',
  'webhook.deleted',
  'webhook.disabled',
] as const;

export type Action = (typeof actions)[number];

/** An act as the audit trail is told it; it holds no secrets. */
export interface Act {
  readonly action: Action;
  /** The subject of the act, a username or an id. */
  readonly subject: string | null;
  readonly reason?: string | null;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  /** The states of the credentials that the act makes, changes or ends. */
  readonly credentials?: CredentialStates;
  /** The user who did it, where that is not the caller: whoever registers is somebody only then. */
  readonly actorId?: number | null;
}

/** The states in one order, whatever the book has them in: the record of an act does not depend on what was decided with it. */
const inOrder = (states: CredentialStates | undefined): CredentialStates | undefined =>
  states && Object.fromEntries(Object.entries(states).toSorted(([one], [other]) => (one < other ? -1 : 1)));

const textOf = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));

/** Adds a record to the end of the writer's audit trail, in the transaction of the act itself. */
export function recordAct(
  book: Book,
  { caller, moment }: { readonly caller: Caller; readonly moment: Moment },
  { action, subject, reason = null, before, after, credentials, actorId = caller.userId }: Act,
): void {
  const head = book.head('audit');
  const record: AuditRow & { hash: string } = {
    id: book.newId('audit'),
    chain: head.chain,
    position: head.position + 1,
    at: moment.now,
    actor_id: actorId,
    action,
    subject,
    address: caller.address,
    request_id: caller.requestId,
    reason,
    before: textOf(before),
    after: textOf(after),
    credentials: textOf(inOrder(credentials)),
    hash: '',
  };
  record.hash = auditHash(record, head.hash);
  book.insert('audit', record);
  book.update('chain_heads', head, { position: record.position, hash: record.hash, at: record.at });
}
