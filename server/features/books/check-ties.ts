import { readInOrder } from '../../../db/open/read-in-order.js';
import type { Snapshot } from '../../../db/open/snapshot.js';
import type { PaymentRow } from '../../../db/tables/payments.js';
import type { RequestRow } from '../../../db/tables/requests.js';
import { publicId } from '../../ids.js';
import { idText } from './faults/names.js';
import { faultsOf, type Problems } from './faults/problems.js';
import { refundFaults } from './faults/refund-faults.js';
import { requestFaults } from './faults/request-faults.js';
import { joinInOrder } from './join-in-order.js';

/** Checks refunds against what they give back. */
export async function checkRefunds(snapshot: Snapshot, problems: Problems): Promise<void> {
  const originals = readInOrder<PaymentRow>(snapshot, {
    table: 'payments',
    key: ['id'],
    where: 't.id in (select refund_of from payments where refund_of is not null)',
  });
  const refunds = readInOrder<PaymentRow>(snapshot, {
    table: 'payments',
    key: ['refund_of', 'id'],
    where: 't.refund_of is not null',
  });
  const joined = joinInOrder(
    { pages: originals, keyOf: ({ id }) => id },
    { pages: refunds, keyOf: ({ refund_of }) => refund_of ?? 0 },
  );
  for await (const page of joined) {
    for (const { left: original, rights } of page) {
      if (original) {
        problems.addAll(refundFaults(original, rights), `payment ${idText('pay', original.id)}`);
      } else {
        problems.add(
          `payment ${idText('pay', rights[0]?.id)} gives back ${idText('pay', rights[0]?.refund_of)}, which is not there`,
        );
      }
    }
  }
}

/** Checks requests that were paid against the payments that paid them. */
export async function checkPaidRequests(snapshot: Snapshot, problems: Problems): Promise<void> {
  const requests = readInOrder<RequestRow>(snapshot, {
    table: 'requests',
    key: ['id'],
    where: "(t.status = 'paid' or t.payment_id is not null)",
  });
  const payments = readInOrder<PaymentRow>(snapshot, {
    table: 'payments',
    key: ['request_id', 'id'],
    where: 't.request_id is not null',
  });
  const joined = joinInOrder(
    { pages: requests, keyOf: ({ id }) => id },
    { pages: payments, keyOf: ({ request_id }) => request_id ?? 0 },
  );
  for await (const page of joined) {
    for (const { left: request, rights } of page) {
      if (request) {
        problems.addAll(requestFaults(request, rights), `request ${idText('req', request.id)}`);
      } else {
        problems.add(
          `payment ${idText('pay', rights[0]?.id)} pays the request ${idText('req', rights[0]?.request_id)}, which is not there or not paid`,
        );
      }
    }
  }
}

interface Keys {
  readonly of_nobody: number;
  readonly wrong: number;
  readonly first: number | null;
  readonly lost: number;
}

const made = '/v1/admin/payments/';

/**
 * Checks keys against the payments that they have made: whoever takes a payment away from the end of its chain, head and
 * all, leaves its key behind. An answer that is kept whole tells of its payment by the id that the world sees, which sorts
 * as the numbers do.
 */
export async function checkKeys(snapshot: Snapshot, problems: Problems): Promise<void> {
  const [last] = await snapshot.raw<{ id: number | null }>('select max(id) as id from payments');
  const isWrong =
    "k.payment_id is not null and (p.id is null or (p.kind <> 'adjustment' and k.user_id is distinct from p.from_user_id))";
  const [keys] = await snapshot.raw<Keys>(
    `select count(*) filter (where u.id is null) as of_nobody, count(*) filter (where ${isWrong}) as wrong,
       min(k.payment_id) filter (where ${isWrong}) as first,
       count(*) filter (where k.location like ? escape '\\' and k.location > ?) as lost
     from idempotency_keys as k left join users as u on u.id = k.user_id left join payments as p on p.id = k.payment_id`,
    [`${made}pay\\_%`, `${made}${publicId('pay', Math.max(0, last?.id ?? 0))}`],
  );
  const { of_nobody: ofNobody = 0, wrong = 0, first = null, lost = 0 } = keys ?? {};
  problems.addAll(
    faultsOf([
      ofNobody > 0 && `${ofNobody} idempotency keys are of nobody`,
      wrong > 0 &&
        `${wrong} payments were answered under an idempotency key and are not there or not of its user, ${idText('pay', first)} the first`,
      lost > 0 && `${lost} payments were answered under an idempotency key and are not there`,
    ]),
  );
}
