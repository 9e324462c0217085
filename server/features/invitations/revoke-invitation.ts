import { Refusal } from '../../errors.js';
import { publicId } from '../../ids.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { done } from '../../ledger/rule.js';
import { actingAdmin, actingAdminReads } from '../accounts/acting-admin.js';
import { defineAskingRule } from '../second-factor/ask-for-code.js';

export interface RevokeInvitation {
  readonly invitationId: number;
}

export const noSuchInvitation = () =>
  new Refusal('NOT_FOUND', 'There is no invitation with this id that could be taken back.');

/** An administrator takes back an invitation that nobody has used. Throws NOT_FOUND. */
export const revokeInvitation = defineAskingRule<RevokeInvitation>('revoke-invitation', {
  needsTime: false,

  reads: (_book, { invitationId }, caller) => [
    ...actingAdminReads(caller),
    lookup('invitations', { id: invitationId }),
  ],

  decide(book, { invitationId }, circumstances) {
    actingAdmin(book, circumstances);
    const invitation = book.find('invitations', { id: invitationId });
    if (!invitation || invitation.used_at !== null || invitation.revoked_at !== null) {
      throw noSuchInvitation();
    }
    const revoked = book.update('invitations', invitation, { revoked_at: circumstances.moment.now });
    recordAct(book, circumstances, {
      action: 'invitation.revoked',
      subject: publicId('inv', invitationId),
      before: { note: invitation.note },
      credentials: stateOf('invitations', revoked),
    });
    return done;
  },
});
