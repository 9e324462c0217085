import type { DeliveryJson } from '../../server/features/webhooks/wire.js';
import { fetchList, type LimitOptions, limitOf, sayMore } from '../api/fetch-list.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { usualLimitFor } from '../lists/show-list-as.js';
import type { DisplayOptions } from '../terminal/display-options.js';
import { type Field, type ListFormats, showCard, showList } from '../terminal/show.js';
import type { Column } from '../terminal/table.js';
import { shown } from '../terminal/text/shown.js';
import { localTime, relativeTime, timeUntil } from '../terminal/time.js';
import { chooseDelivery, chooseWebhook } from './choose-webhook.js';

const colours = { delivered: 'green', pending: 'yellow', failed: 'red' } as const;

/** The endpoint's last answer, in a few words. */
function answerText({ lastStatus, lastError }: DeliveryJson): string {
  return lastError ?? (lastStatus === null ? '' : String(lastStatus));
}

function columns({ stdout: { pen }, now }: Context): Column<DeliveryJson>[] {
  return [
    {
      header: 'status',
      people: ({ status }) => status,
      paint: (text, { status }) => pen[colours[status] ?? 'white'](text),
    },
    { header: 'event', people: ({ type }) => type },
    {
      header: 'made',
      people: ({ createdAt }) => relativeTime(createdAt, now()),
      paint: (text: string) => pen.dim(text),
    },
    { header: 'tries', people: ({ attempts }) => String(attempts), align: 'right' },
    {
      header: 'next try',
      people: ({ nextAttemptAt }) => (nextAttemptAt === null ? '' : timeUntil(nextAttemptAt, now())),
    },
    { header: 'last answer', people: answerText, mayShrink: true, mayFold: true },
    { header: 'id', people: ({ id }) => id, mayFold: true, paint: (text: string) => pen.dim(text) },
  ];
}

function fieldsOf(delivery: DeliveryJson): Field[] {
  const { createdAt, nextAttemptAt } = delivery;
  return [
    { label: 'delivery', people: delivery.id },
    { label: 'event', people: delivery.eventId },
    { label: 'type', people: delivery.type },
    { label: 'status', people: delivery.status },
    { label: 'time', people: localTime(createdAt), machine: [createdAt] },
    {
      label: 'next try',
      people: nextAttemptAt === null ? undefined : localTime(nextAttemptAt),
      machine: [nextAttemptAt ?? ''],
    },
  ];
}

export const deliveries: Run<LimitOptions & DisplayOptions> = async (context, [given], options) => {
  const id = await chooseWebhook(context, given);
  const part = { params: { id } };
  const limit = limitOf(options, usualLimitFor(context), 'deliveries');
  const { items, hasMore } = await fetchList(context, 'GET /v1/webhooks/{id}/deliveries', part, limit);
  const list: ListFormats<DeliveryJson> = {
    rows: items,
    columns: columns(context),
    machine: (delivery) => [
      delivery.id,
      delivery.createdAt,
      delivery.status,
      delivery.type,
      delivery.eventId,
      String(delivery.attempts),
      delivery.nextAttemptAt ?? '',
      answerText(delivery),
    ],
    names: ['id', 'createdAt', 'status', 'type', 'eventId', 'attempts', 'nextAttemptAt', 'lastAnswer'],
    empty: 'Nothing was to be delivered yet.',
  };
  await showList(context, list, options);
  await sayMore(context, hasMore);
};

export const resend: Run<object> = async (context, [givenId, givenDelivery]) => {
  context.prompts.gate([
    ...(givenId === undefined ? ['<id>'] : []),
    ...(givenDelivery === undefined ? ['<delivery>'] : []),
  ]);
  const id = await chooseWebhook(context, givenId);
  const deliveryId = await chooseDelivery(context, id, givenDelivery);
  const api = await context.api();
  const delivery = await api.call('POST /v1/webhooks/{id}/deliveries/{deliveryId}/resend', {
    params: { id, deliveryId },
    ifUnknown: ['Look: pay webhooks deliveries <id>'],
    ifNotFound: ['Look it up: pay webhooks deliveries <id>'],
  });
  await context.say(shown`${context.stderr.pen.green('✓')} It is delivered again.`);
  await showCard(context, delivery, fieldsOf(delivery));
};
