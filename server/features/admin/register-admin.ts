import { defineRule } from '../../ledger/rule.js';
import { actingAdmin, actingAdminReads } from '../accounts/acting-admin.js';
import { type Registration, registerUser } from '../accounts/register-user.js';

/** An administrator registers another: a user like anyone, wallet and opening credit included, with the role. */
export const registerAdmin = defineRule<Registration>('register-admin', {
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
