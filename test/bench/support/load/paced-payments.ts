import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { openLeanClient } from './lean-client.js';
import { paymentAmount } from './payment-amount.js';
import { type Person, readPeople } from './person.js';
import { pick } from './pick.js';
import { quantile } from './statistics.js';

// A process of its own that pays at an even rate, whatever the server takes, and prints what came of it as JSON. A payment that
// has to wait for its turn has waited from when it was due, so that a server that stands still cannot hide it. In the first seconds, whose
// payments do not count, the rate rises from nothing: this process is slow itself then, and what it cannot send would be a queue.

const [url = '', peopleFile = '', perSecond, seconds, leadSeconds, firstPayment] = process.argv.slice(2);
const rate = Number(perSecond);
const leadMs = Number(leadSeconds) * 1000;
const ofLead = (rate * Number(leadSeconds)) / 2;
const howMany = Math.round(rate * Number(seconds) + ofLead);
const connections = 64;
const tickMs = 2;

const people = readPeople(peopleFile);
const tookMicros: number[] = [];
const refusals = new Map<string, number>();
const client = await openLeanClient(url, connections);
const { host } = new URL(url);

/** The number of payments that are due by a time since the beginning. */
const dueBy = (ms: number): number =>
  ms < leadMs ? ofLead * (ms / leadMs) ** 2 : ofLead + ((ms - leadMs) * rate) / 1000;

/** The time at which a payment is due, since the beginning. */
const dueAfterMs = (place: number): number =>
  place < ofLead ? leadMs * Math.sqrt(place / ofLead) : leadMs + ((place - ofLead) * 1000) / rate;

const requestOf = (sender: Person, body: string): string =>
  `POST /v1/payments HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${sender.token}\r\nContent-Type: application/json\r\n` +
  `Idempotency-Key: ${randomUUID()}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

async function pay(number: number, dueMs: number): Promise<void> {
  const sender = pick(people);
  let receiver = pick(people);
  while (receiver === sender) {
    receiver = pick(people);
  }
  const amount = paymentAmount(number);
  const body = JSON.stringify({ to: receiver.username, amount, memo: 'paced' });
  const said = await client.send(requestOf(sender, body)).catch((error: unknown) => ({
    status: 0,
    text: String(error),
  }));
  if (dueMs >= beganMs + leadMs) {
    tookMicros.push((performance.now() - dueMs) * 1000);
  }
  if (said.status !== 201) {
    refusals.set(said.text, (refusals.get(said.text) ?? 0) + 1);
  }
}

const beganMs = performance.now();
const paying: Promise<void>[] = [];
while (paying.length < howMany) {
  const due = Math.min(howMany, dueBy(performance.now() - beganMs));
  while (paying.length < due) {
    paying.push(pay(Number(firstPayment) + paying.length, beganMs + dueAfterMs(paying.length)));
  }
  await after(tickMs);
}
await Promise.all(paying);
const tookSeconds = (performance.now() - beganMs - leadMs) / 1000;
client.close();

const failed = [...refusals.values()].reduce((sum, count) => sum + count, 0);
process.stdout.write(
  JSON.stringify({
    paid: howMany - failed,
    tookSeconds,
    failed,
    firstRefusal: [...refusals.keys()][0] ?? null,
    p50Micros: quantile(tookMicros, 0.5),
    p99Micros: quantile(tookMicros, 0.99),
  }),
);
