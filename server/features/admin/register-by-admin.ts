import { actingAdmin, actingAdminReads } from '../accounts/acting-admin.js';
import { type Registration, registerUser } from '../accounts/register-user.js';
import { defineAskingRule } from '../second-factor/ask-for-code.js';

/** An administrator registers somebody, or another administrator: a user like anyone, account and opening credit included. */
export const registerByAdmin = defineAskingRule<Registration>('register-by-admin', {
  needsTime: true,

  reads: (book, input, caller, now) => [
    ...actingAdminReads(caller),
    ...registerUser.reads(book, input, caller, now),
  ],

  decide(book, input, circumstances) {
    actingAdmin(book, circumstances);
    const { status, body } = registerUser.decide(book, input, circumstances);
    return { status, body, location: `/v1/admin/users/${encodeURIComponent(input.username)}` };
  },
});
