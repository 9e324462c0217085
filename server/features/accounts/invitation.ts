import type { Database } from '../../../db/connect.js';
import { dialectOf } from '../../../db/dialect.js';
import type { InvitationRow } from '../../../db/tables/credentials.js';
import type { UserRow } from '../../../db/tables/users.js';
import { Refusal } from '../../errors.js';
import { publicId } from '../../ids.js';
import type { Book } from '../../ledger/book/book.js';
import { type CredentialStates, stateOf } from '../../ledger/credential-state.js';
import { hashToken } from '../credentials/secret-token.js';

const refusal = (detail: string, message: string) =>
  new Refusal('REGISTRATION_CLOSED', detail, { errors: [{ field: 'invitation', message }] });

const unknownInvitation = () =>
  refusal('There is no such invitation. Type it as it was given to you, or ask for another.', 'is unknown');

/** Throws REGISTRATION_CLOSED for an invitation that was used or taken back, or is too old at `now`, in microseconds. */
function refuseSpent(invitation: InvitationRow, now: number): void {
  if (invitation.used_at !== null) {
    throw refusal('The invitation has been used. Log in, or ask for another.', 'has been used');
  }
  if (invitation.revoked_at !== null) {
    throw refusal('The invitation has been taken back. Ask for another.', 'has been taken back');
  }
  if (invitation.expires_at <= now) {
    throw refusal('The invitation has expired. Ask for another.', 'has expired');
  }
}

/** The number of the invitation that this is the secret of, where it still holds. Throws REGISTRATION_CLOSED. */
export async function findInvitation(readers: Database, secret: string, now: number): Promise<number> {
  const [invitation]: InvitationRow[] = await readers.raw(
    `select * from invitations where token_hash = ${dialectOf(readers).unhex('?')}`,
    [hashToken(secret)],
  );
  if (!invitation) {
    throw unknownInvitation();
  }
  refuseSpent(invitation, now);
  return invitation.id;
}

/** Uses the invitation up for a new user; gives its id and what it is then. Throws REGISTRATION_CLOSED. */
export function useInvitation(
  book: Book,
  id: number,
  user: UserRow,
): { readonly invitation: string; readonly credentials: CredentialStates } {
  const invitation = book.get('invitations', { id });
  refuseSpent(invitation, user.created_at);
  const used = book.update('invitations', invitation, { used_by: user.id, used_at: user.created_at });
  return { invitation: publicId('inv', id), credentials: stateOf('invitations', used) };
}
