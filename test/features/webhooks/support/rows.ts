import type { DeliveryRow, EventRow, WebhookRow } from '../../../../db/tables/events.js';
import { beforeAllEvents } from '../../../../server/features/events/event-id.js';

export const webhook: WebhookRow = {
  id: 1,
  user_id: 1,
  url: 'https://shop.example.org/hook',
  types: 'payment.received request.paid',
  secret: 'whsec_1',
  status: 'active',
  event_cursor: beforeAllEvents,
  created_at: 1,
  session_id: null,
  token_id: null,
};

export const event: EventRow = {
  id: 1,
  user_id: webhook.user_id,
  type: 'payment.received',
  at: 1,
  payment_id: null,
  data: '{}',
};

export const delivery: DeliveryRow = {
  id: 1,
  webhook_id: webhook.id,
  event_id: event.id,
  status: 'pending',
  attempts: 0,
  next_attempt_at: 1,
  retry_until: null,
  last_attempt_at: null,
  last_status: null,
  last_error: null,
  created_at: 1,
};
