import { defineRule } from '../../ledger/rule.js';
import { actingAdmin, actingAdminReads } from '../accounts/acting-admin.js';
import { type Registration, registerUser } from '../accounts/register-user.js';

/** An administrator registers somebody, or another administrator: a user like anyone, account and opening credit included. */
export const registerByAdmin = defineRule<Registration>('register-by-admin', {
  needsTime: true,

  reads: (book, input, caller, now) => [
    ...actingAdminReads(caller),
    ...registerUser.reads(book, input, caller, now),
  ],

  decide(book, input, circumstances) {
    actingAdmin(book, circumstances.caller);
    const { status, body } = registerUser.decide(book, input, circumstances);
    return { status, body, location: `/v1/admin/users/${encodeURIComponent(input.username)}` };
  },
});
