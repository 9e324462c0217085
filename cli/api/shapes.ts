import type { UserJson } from '../../server/features/accounts/wire.js';
import type { AdminUserJson } from '../../server/features/admin/wire.js';
import type { CollectionJson } from '../../server/features/collections/wire.js';
import type { SecondFactorJson } from '../../server/features/enrolment/wire.js';
import type { LimitJson } from '../../server/features/limits/wire.js';
import type { PaymentJson } from '../../server/features/payments/wire.js';
import type { RequestJson } from '../../server/features/requests/wire.js';
import type { TokenJson } from '../../server/features/tokens/wire.js';
import type { DeliveryJson, WebhookJson } from '../../server/features/webhooks/wire.js';
import type { MoneyJson } from '../../server/money/wire.js';
import type { ShapeOf } from '../terminal/json-shape.js';
import type { Result } from './operation.js';

/** The shapes of what the server answers. The contract holds types alone: the compiler says where a shape is not that of its type. */

const money: ShapeOf<MoneyJson> = { amount: 'value', currency: 'value' };

export const paymentShape: ShapeOf<PaymentJson> = {
  id: 'value',
  kind: 'value',
  direction: 'value',
  from: 'value',
  to: 'value',
  sent: money,
  received: money,
  rate: 'value',
  ratesAsOf: 'value',
  ratesSource: 'value',
  memo: 'value',
  requestId: 'value',
  refundOf: 'value',
  refunded: money,
  corrects: 'value',
  correctedBy: 'value',
  balanceAfter: money,
  createdAt: 'value',
};

export const requestShape: ShapeOf<RequestJson> = {
  id: 'value',
  status: 'value',
  requester: 'value',
  payer: 'value',
  amount: money,
  memo: 'value',
  collectionId: 'value',
  reason: 'value',
  paymentId: 'value',
  createdAt: 'value',
  expiresAt: 'value',
  closedAt: 'value',
};

export const acceptedShape: ShapeOf<Result<'POST /v1/requests/{id}/accept'>> = {
  request: requestShape,
  payment: paymentShape,
};

export const userShape: ShapeOf<UserJson> = {
  id: 'value',
  username: 'value',
  displayName: 'value',
  email: 'value',
  role: 'value',
  status: 'value',
  currency: 'value',
  balance: money,
  createdAt: 'value',
};

export const tokenShape: ShapeOf<TokenJson> = {
  id: 'value',
  name: 'value',
  scopes: 'value',
  createdAt: 'value',
  expiresAt: 'value',
  lastUsedAt: 'value',
};

export const newTokenShape: ShapeOf<Result<'POST /v1/tokens'>> = { ...tokenShape, token: 'value' };

export const adminUserShape: ShapeOf<AdminUserJson> = {
  ...userShape,
  mustChangePassword: 'value',
  frozen: { at: 'value', by: 'value', reason: 'value' },
  lastLoginAt: 'value',
  lastPaymentAt: 'value',
  payments: 'value',
  pendingRequests: { incoming: 'value', outgoing: 'value' },
  sessions: { active: 'value', newest: { address: 'value', openedAt: 'value', expiresAt: 'value' } },
  tokens: { active: 'value', newest: tokenShape },
  webhooks: 'value',
  hasSecondFactor: 'value',
};

export const collectionShape: ShapeOf<CollectionJson> = {
  id: 'value',
  name: 'value',
  status: 'value',
  people: 'value',
  counts: { paid: 'value', pending: 'value', declined: 'value', cancelled: 'value', expired: 'value' },
  asked: money,
  collected: money,
  createdAt: 'value',
  expiresAt: 'value',
  closedAt: 'value',
};

export const createdCollectionShape: ShapeOf<Result<'POST /v1/collections'>> = {
  ...collectionShape,
  results: { from: 'value', outcome: 'value', requestId: 'value', code: 'value', detail: 'value' },
};

export const limitShape: ShapeOf<LimitJson> = {
  currency: 'value',
  username: 'value',
  perPayment: money,
  perDay: money,
};

export const webhookShape: ShapeOf<WebhookJson> = {
  id: 'value',
  url: 'value',
  types: 'value',
  status: 'value',
  createdAt: 'value',
};

export const newWebhookShape: ShapeOf<Result<'POST /v1/webhooks'>> = { ...webhookShape, secret: 'value' };

export const deliveryShape: ShapeOf<DeliveryJson> = {
  id: 'value',
  eventId: 'value',
  type: 'value',
  status: 'value',
  attempts: 'value',
  nextAttemptAt: 'value',
  lastAttemptAt: 'value',
  lastStatus: 'value',
  lastError: 'value',
  createdAt: 'value',
};

export const secondFactorShape: ShapeOf<SecondFactorJson> = {
  on: 'value',
  since: 'value',
  above: money,
  recoveryCodesLeft: 'value',
};

export const newInvitationShape: ShapeOf<Result<'POST /v1/admin/invitations'>['data']> = {
  id: 'value',
  invitation: 'value',
  note: 'value',
  expiresAt: 'value',
};
