import { numbersPerPayment, receiptType } from '../../../db/event-numbers.js';
import type { Snapshot } from '../../../db/open/snapshot.js';
import { idText } from './faults/names.js';
import type { Problems } from './faults/problems.js';
import { countFaults, readHeads } from './heads.js';

interface Found {
  readonly wrong: number;
  readonly first: number | null;
  readonly newest: number | null;
  readonly twice: number;
  readonly firstTwice: number | null;
}

/** Checks that events are of users who are there and of payments that they have a side in; gives the number of the newest. */
async function checkWhose(snapshot: Snapshot, problems: Problems): Promise<void> {
  const isWrong =
    'u.id is null or (e.payment_id is not null and (p.id is null or (e.user_id is distinct from p.from_user_id and e.user_id is distinct from p.to_user_id)))';
  const isReceived = `e.type = '${receiptType}' and ${isReceipt('e.user_id', `e.payment_id * ${numbersPerPayment}`)}`;
  const isTwice = `(${isReceived} or ${isReceipt('e.user_id', 'e.id')})`;
  const [found] = await snapshot.raw<Found>(
    `select count(*) filter (where ${isWrong}) as wrong, min(e.id) filter (where ${isWrong}) as first, max(e.id) as newest,
       count(*) filter (where ${isTwice}) as twice, min(e.id) filter (where ${isTwice}) as "firstTwice"
     from events as e left join users as u on u.id = e.user_id left join payments as p on p.id = e.payment_id`,
  );
  const { wrong = 0, first = null, newest = null, twice = 0, firstTwice = null } = found ?? {};
  if (wrong > 0) {
    problems.add(
      `${wrong} events are of nobody, or of payments that are not there or not of their users, ${idText('evt', first)} the first`,
    );
  }
  if (twice > 0) {
    problems.add(
      `${twice} events tell of payments that their users have receipts of, or have the numbers of such, ${idText('evt', firstTwice)} the first`,
    );
  }
  const heads = await readHeads(snapshot, 'events');
  problems.addAll(
    countFaults(heads, (number) => number === (newest ?? 0)),
    'the number of the newest event',
  );
}

/** Whether the number is that of the receipt of a payment that the user has. */
const isReceipt = (userId: string, id: string) =>
  `(${id} % ${numbersPerPayment} = 0 and exists (
    select 1 from accounts as a join entries as r on r.account_id = a.id and r.kind = 'receipt'
    where a.user_id = ${userId} and r.payment_id = ${id} / ${numbersPerPayment}))`;

/** Checks that what names an event names one of the same user. */
async function checkNamed(snapshot: Snapshot, problems: Problems): Promise<void> {
  const isThere = (userId: string, id: string) =>
    `(exists (select 1 from events as e where e.user_id = ${userId} and e.id = ${id}) or ${isReceipt(userId, id)})`;
  const [lost] = await snapshot.raw<{ deliveries: number; inboxes: number }>(
    `select
       (select count(*) from deliveries as d left join webhooks as w on w.id = d.webhook_id where not ${isThere('w.user_id', 'd.event_id')}) as deliveries,
       (select count(*) from inboxes as i where not ${isThere('i.user_id', 'i.read_up_to')}) as inboxes`,
  );
  for (const [table, rows] of Object.entries(lost ?? {})) {
    if (rows > 0) {
      problems.add(`${rows} ${rows === 1 ? 'row' : 'rows'} of ${table} name an event that is not there`);
    }
  }
}

/** Checks events, whose rows SQLite's own check of references is spared: they are many, and it sees less. */
export async function checkEvents(snapshot: Snapshot, problems: Problems): Promise<void> {
  await checkWhose(snapshot, problems);
  await checkNamed(snapshot, problems);
  const commits = await readHeads(snapshot, 'commits');
  problems.addAll(countFaults(commits, Number.isSafeInteger), 'the count of commits');
}
