import type { InvitationRow } from '../../../db/tables/credentials.js';
import { timeText } from '../../clock.js';
import { publicId } from '../../ids.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { actingAdmin, actingAdminReads } from '../accounts/acting-admin.js';
import { defineAskingRule } from '../second-factor/ask-for-code.js';

const dayMicros = 24 * 3600 * 1_000_000;

export interface CreateInvitations {
  /** The hashes of the secrets, one for each invitation. */
  readonly tokenHashes: readonly string[];
  readonly note: string;
  readonly expiresInDays: number;
}

/** An administrator makes invitations. They answer in the order of the hashes. */
export const createInvitations = defineAskingRule<CreateInvitations>('create-invitations', {
  needsTime: false,

  reads: (_book, _input, caller) => actingAdminReads(caller),

  decide(book, { tokenHashes, note, expiresInDays }, circumstances) {
    const actor = actingAdmin(book, circumstances);
    const { now } = circumstances.moment;
    const expires_at = now + expiresInDays * dayMicros;
    const expiresAt = timeText(expires_at);
    const made = tokenHashes.map((token_hash) => {
      const id = book.newId('invitations');
      const invitation: InvitationRow = {
        ...{ id, token_hash, note, created_by: actor.id, created_at: now, expires_at },
        ...{ revoked_at: null, used_by: null, used_at: null },
      };
      book.insert('invitations', invitation);
      const subject = publicId('inv', id);
      recordAct(book, circumstances, {
        action: 'invitation.created',
        subject,
        after: { note, expiresAt },
        credentials: stateOf('invitations', invitation),
      });
      return { id: subject, note, expiresAt };
    });
    return { status: 201, body: made };
  },
});
