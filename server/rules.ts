import { probeStorage } from './about/probe-storage.js';
import { changePassword } from './accounts/change-password.js';
import { changeProfile } from './accounts/change-profile.js';
import { refusePassword } from './accounts/refuse-password.js';
import { registerUser } from './accounts/register-user.js';
import { adjustBalance } from './admin/adjust-balance.js';
import { changeUser } from './admin/change-user.js';
import { registerAdmin } from './admin/register-admin.js';
import { resetPassword } from './admin/reset-password.js';
import { changeBlock } from './blocks/change-block.js';
import { readNotifications } from './events/read-notifications.js';
import type { Rules } from './ledger/rule.js';
import { changeLimit } from './limits/change-limit.js';
import { refundPayment } from './payments/refund-payment.js';
import { sendPayment } from './payments/send-payment.js';
import { sendPayout } from './payouts/send-payout.js';
import { acceptRequest } from './requests/accept-request.js';
import { cancelRequest, declineRequest, expireRequest } from './requests/close-request.js';
import { createRequest } from './requests/create-request.js';
import { remindPayer } from './requests/remind-payer.js';
import { endSession } from './sessions/end-session.js';
import { openSession } from './sessions/open-session.js';
import { refuseLogin } from './sessions/refuse-login.js';
import { createToken } from './tokens/create-token.js';
import { revokeToken } from './tokens/revoke-token.js';
import { createWebhook } from './webhooks/create-webhook.js';
import { deleteWebhook } from './webhooks/delete-webhook.js';
import { recordAttempt } from './webhooks/record-attempt.js';
import { resendDelivery } from './webhooks/resend-delivery.js';
import { scheduleDeliveries } from './webhooks/schedule-deliveries.js';

/** Every room's rules, by the names that decisions give. */
export const rules: Rules = {
  'register-user': registerUser,
  'change-profile': changeProfile,
  'change-password': changePassword,
  'refuse-password': refusePassword,
  'open-session': openSession,
  'refuse-login': refuseLogin,
  'end-session': endSession,
  'create-token': createToken,
  'revoke-token': revokeToken,
  'send-payment': sendPayment,
  'send-payout': sendPayout,
  'refund-payment': refundPayment,
  'create-request': createRequest,
  'accept-request': acceptRequest,
  'decline-request': declineRequest,
  'cancel-request': cancelRequest,
  'remind-payer': remindPayer,
  'expire-request': expireRequest,
  'change-block': changeBlock,
  'change-limit': changeLimit,
  'read-notifications': readNotifications,
  'create-webhook': createWebhook,
  'delete-webhook': deleteWebhook,
  'schedule-deliveries': scheduleDeliveries,
  'record-attempt': recordAttempt,
  'resend-delivery': resendDelivery,
  'change-user': changeUser,
  'reset-password': resetPassword,
  'register-admin': registerAdmin,
  'adjust-balance': adjustBalance,
  'probe-storage': probeStorage,
};
