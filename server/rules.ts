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
import { rulesByName } from './ledger/rule.js';
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
export const rules = rulesByName([
  registerUser,
  changeProfile,
  changePassword,
  refusePassword,
  openSession,
  refuseLogin,
  endSession,
  createToken,
  revokeToken,
  sendPayment,
  sendPayout,
  refundPayment,
  createRequest,
  acceptRequest,
  declineRequest,
  cancelRequest,
  remindPayer,
  expireRequest,
  changeBlock,
  changeLimit,
  readNotifications,
  createWebhook,
  deleteWebhook,
  scheduleDeliveries,
  recordAttempt,
  resendDelivery,
  changeUser,
  resetPassword,
  registerAdmin,
  adjustBalance,
  probeStorage,
]);
