import { readInOrder } from '../../db/read-in-order.js';
import type { PaymentRow, RequestRow } from '../../db/rows.js';
import type { Snapshot } from '../../db/snapshot.js';
import { paymentColumns, requestColumns } from './columns.js';
import { joinInOrder } from './join-in-order.js';
import type { Problems } from './problems.js';
import { refundFaults } from './refund-faults.js';
import { requestFaults } from './request-faults.js';

/** Refunds against what they give back. */
export async function checkRefunds(snapshot: Snapshot, problems: Problems): Promise<void> {
  const originals = readInOrder<PaymentRow>(snapshot, {
    table: 'payments',
    columns: paymentColumns,
    key: ['id'],
    where: 't.id in (select refund_of from payments where refund_of is not null)',
  });
  const refunds = readInOrder<PaymentRow>(snapshot, {
    table: 'payments',
    columns: paymentColumns,
    key: ['refund_of', 'id'],
    where: 't.refund_of is not null',
  });
  const joined = joinInOrder(
    { pages: originals, keyOf: ({ id }) => id },
    { pages: refunds, keyOf: ({ refund_of }) => refund_of ?? '' },
  );
  for await (const page of joined) {
    for (const { left: original, rights } of page) {
      if (original) {
        problems.addAll(refundFaults(original, rights), `payment ${original.id}`);
      } else {
        problems.add(`payment ${rights[0]?.id} gives back ${rights[0]?.refund_of}, which is not there`);
      }
    }
  }
}

/** Requests that were paid against the payments that paid them. */
export async function checkPaidRequests(snapshot: Snapshot, problems: Problems): Promise<void> {
  const requests = readInOrder<RequestRow>(snapshot, {
    table: 'requests',
    columns: requestColumns,
    key: ['id'],
    where: "(t.status = 'paid' or t.payment_id is not null)",
  });
  const payments = readInOrder<PaymentRow>(snapshot, {
    table: 'payments',
    columns: paymentColumns,
    key: ['request_id', 'id'],
    where: 't.request_id is not null',
  });
  const joined = joinInOrder(
    { pages: requests, keyOf: ({ id }) => id },
    { pages: payments, keyOf: ({ request_id }) => request_id ?? '' },
  );
  for await (const page of joined) {
    for (const { left: request, rights } of page) {
      if (request) {
        problems.addAll(requestFaults(request, rights), `request ${request.id}`);
      } else {
        problems.add(
          `payment ${rights[0]?.id} pays the request ${rights[0]?.request_id}, which is not there or not paid`,
        );
      }
    }
  }
}

/** Whoever takes a payment away from the end of its chain, head and all, leaves the key behind that made it. */
export async function checkKeys(snapshot: Snapshot, problems: Problems): Promise<void> {
  const made = '/v1/payments/';
  const [lost] = await snapshot.raw<{ howMany: number; first: string | null }>(
    `select count(*) as howMany, min(k.location) as first from idempotency_keys as k
     where k.location glob ? and not exists (select 1 from payments as p where p.id = substr(k.location, ?))`,
    [`${made}pay_*`, made.length + 1],
  );
  if (lost !== undefined && lost.howMany > 0) {
    problems.add(
      `${lost.howMany} payments were answered under an idempotency key and are not there, ${lost.first?.slice(made.length)} the first`,
    );
  }
}
