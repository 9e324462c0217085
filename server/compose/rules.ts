import { probeStorage } from '../features/about/probe-storage.js';
import { changePassword } from '../features/accounts/change-password.js';
import { changeProfile } from '../features/accounts/change-profile.js';
import { refusePassword } from '../features/accounts/refuse-password.js';
import { registerUser } from '../features/accounts/register-user.js';
import { adjustBalance } from '../features/admin/adjust-balance.js';
import { changeUser } from '../features/admin/change-user.js';
import { registerByAdmin } from '../features/admin/register-by-admin.js';
import { resetPassword } from '../features/admin/reset-password.js';
import { changeBlock } from '../features/blocks/change-block.js';
import { closeCollection } from '../features/collections/close-collection.js';
import { createCollection } from '../features/collections/create-collection.js';
import { remindCollection } from '../features/collections/remind-collection.js';
import { changeRates } from '../features/conversion/change-rates.js';
import { beginFactor } from '../features/enrolment/begin-factor.js';
import { changeFactor } from '../features/enrolment/change-factor.js';
import { confirmFactor } from '../features/enrolment/confirm-factor.js';
import { switchFactorOff } from '../features/enrolment/switch-factor-off.js';
import { readNotifications } from '../features/events/read-notifications.js';
import { createInvitations } from '../features/invitations/create-invitations.js';
import { revokeInvitation } from '../features/invitations/revoke-invitation.js';
import { noteLeftBehind } from '../features/left-behind/note-left-behind.js';
import { changeLimit } from '../features/limits/change-limit.js';
import { refundPayment } from '../features/payments/refund-payment.js';
import { sendPayment } from '../features/payments/send-payment.js';
import { sendPayout } from '../features/payouts/send-payout.js';
import { acceptRequest } from '../features/requests/accept-request.js';
import { cancelRequest, declineRequest, expireRequest } from '../features/requests/close-request.js';
import { createRequest } from '../features/requests/create-request.js';
import { remindPayer } from '../features/requests/remind-payer.js';
import { endSession } from '../features/sessions/end-session.js';
import { noteUses } from '../features/sessions/note-uses.js';
import { openSession } from '../features/sessions/open-session.js';
import { refuseLogin } from '../features/sessions/refuse-login.js';
import { createToken } from '../features/tokens/create-token.js';
import { revokeToken } from '../features/tokens/revoke-token.js';
import { createWebhook } from '../features/webhooks/create-webhook.js';
import { deleteWebhook } from '../features/webhooks/delete-webhook.js';
import { recordAttempt } from '../features/webhooks/record-attempt.js';
import { resendDelivery } from '../features/webhooks/resend-delivery.js';
import { scheduleDeliveries } from '../features/webhooks/schedule-deliveries.js';
import { rulesByName } from '../ledger/rule.js';

/** Every room's rules, by the names that decisions give. */
export const rules = rulesByName([
  registerUser,
  changeProfile,
  changePassword,
  refusePassword,
  openSession,
  refuseLogin,
  endSession,
  noteUses,
  noteLeftBehind,
  createToken,
  revokeToken,
  beginFactor,
  confirmFactor,
  changeFactor,
  switchFactorOff,
  sendPayment,
  sendPayout,
  refundPayment,
  createRequest,
  acceptRequest,
  declineRequest,
  cancelRequest,
  remindPayer,
  expireRequest,
  createCollection,
  remindCollection,
  closeCollection,
  changeBlock,
  changeLimit,
  changeRates,
  readNotifications,
  createWebhook,
  deleteWebhook,
  scheduleDeliveries,
  recordAttempt,
  resendDelivery,
  changeUser,
  resetPassword,
  registerByAdmin,
  createInvitations,
  revokeInvitation,
  adjustBalance,
  probeStorage,
]);
