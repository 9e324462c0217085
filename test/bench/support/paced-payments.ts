import { setTimeout as after } from 'node:timers/promises';
import { callApi } from './call-api.js';
import { paymentAmount } from './payment-amount.js';
import { readPeople } from './person.js';
import { pick } from './pick.js';
import { quantile } from './statistics.js';

// A process of its own that pays at an even rate, whatever the server takes, and prints what came of it as JSON. A payment that
// has to wait for its turn has waited from when it was due, so that a server that stands still cannot hide it. How long those of the
// first seconds took does not count: in those this process connects, and is slow itself.

const [url = '', peopleFile = '', perSecond, seconds, leadSeconds, firstPayment] = process.argv.slice(2);
const rate = Number(perSecond);
const leadMs = Number(leadSeconds) * 1000;
const howMany = Math.round(rate * (Number(seconds) + Number(leadSeconds)));
const tickMs = 2;

const people = readPeople(peopleFile);
const tookMicros: number[] = [];
const refusals = new Map<string, number>();

async function pay(number: number, dueMs: number): Promise<void> {
  const sender = pick(people);
  let receiver = pick(people);
  while (receiver === sender) {
    receiver = pick(people);
  }
  const amount = paymentAmount(number);
  const body = JSON.stringify({ to: receiver.username, amount, memo: 'paced' });
  const said = await callApi(url, sender, 'POST', '/v1/payments', body).catch((error: unknown) => ({
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
  const due = Math.min(howMany, ((performance.now() - beganMs) * rate) / 1000);
  while (paying.length < due) {
    paying.push(pay(Number(firstPayment) + paying.length, beganMs + (paying.length * 1000) / rate));
  }
  await after(tickMs);
}
await Promise.all(paying);
const tookSeconds = (performance.now() - beganMs - leadMs) / 1000;

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
