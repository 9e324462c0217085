import { changePassword } from './accounts/change-password.js';
import { changeProfile } from './accounts/change-profile.js';
import { registerUser } from './accounts/register-user.js';
import type { Rules } from './ledger/rule.js';
import { sendPayment } from './payments/send-payment.js';
import { endSession } from './sessions/end-session.js';
import { openSession } from './sessions/open-session.js';
import { createToken } from './tokens/create-token.js';
import { revokeToken } from './tokens/revoke-token.js';

/** Every room's rules, by the names that decisions give. */
export const rules: Rules = {
  'register-user': registerUser,
  'change-profile': changeProfile,
  'change-password': changePassword,
  'open-session': openSession,
  'end-session': endSession,
  'create-token': createToken,
  'revoke-token': revokeToken,
  'send-payment': sendPayment,
};
