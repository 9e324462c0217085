import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { defineRoute } from '../../http/contract/route.js';
import { timeProblem } from '../../ledger/settle-time.js';
import type { StorageProbe } from './probe-storage.js';
import { healthSchema, type ServerJson, serverSchema, timeSchema } from './wire.js';

export interface AboutParts {
  readonly storageProblem: StorageProbe;
  /** Asks the timestamp service, in microseconds since 1970. */
  readonly askTime: () => Promise<number>;
  /** The time of the newest payment, zero before the first. */
  readonly newestPaymentMicros: () => Promise<number>;
  readonly machineMicros: () => number;
  /** The service's address, to be shown. */
  readonly timeSource: string;
  /** Describes the server as it is now: its currencies may change. */
  readonly describe: () => ServerJson;
}

export function aboutRoutes(parts: AboutParts) {
  return [timeRoute(parts), serverRoute(parts), healthRoute, readyRoute(parts)];
}

const clockUnavailable = () =>
  new Refusal('CLOCK_UNAVAILABLE', 'The timestamp service does not answer. Try again in a moment.', {
    retryAfterSeconds: 2,
  });

async function timeOf({ askTime }: AboutParts): Promise<number> {
  try {
    return await askTime();
  } catch {
    throw clockUnavailable();
  }
}

/** Judges the time as the ledger would for a payment. @throws Refusal CLOCK_UNAVAILABLE */
async function refuseWrongTime(parts: AboutParts): Promise<void> {
  const [answered, newest] = await Promise.all([timeOf(parts), parts.newestPaymentMicros()]);
  const problem = timeProblem(answered, newest, parts.machineMicros());
  if (problem !== undefined) {
    const { why, retryAfterSeconds = 5 } = problem;
    throw new Refusal('CLOCK_UNAVAILABLE', `${why} No payment is taken.`, { retryAfterSeconds });
  }
}

function timeRoute(parts: AboutParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/time',
    operationId: 'showTime',
    tag: 'About',
    summary: "The timestamp service's time, asked now",
    access: { who: 'user', scope: 'read' },
    answers: { 200: { description: 'The time.', schema: timeSchema } },
    refusals: ['CLOCK_UNAVAILABLE'],
    async handle() {
      const timestamp = timeText(await timeOf(parts));
      const currentTime = timestamp.slice(0, 19).replace('T', ' ');
      return { status: 200, body: { currentTime, timestamp, source: parts.timeSource } };
    },
  });
}

function serverRoute({ describe }: AboutParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/server',
    operationId: 'showServer',
    tag: 'About',
    summary: 'What a client needs to know of this server',
    access: { who: 'anyone' },
    answers: { 200: { description: 'The server.', schema: serverSchema } },
    async handle() {
      return { status: 200, body: describe() };
    },
  });
}

const healthRoute = defineRoute({
  method: 'GET',
  path: '/healthz',
  operationId: 'showHealth',
  tag: 'About',
  summary: 'Whether the process is alive',
  access: { who: 'anyone' },
  answers: { 200: { description: 'It is.', schema: healthSchema } },
  async handle() {
    return { status: 200, body: { status: 'ok' } };
  },
});

function readyRoute(parts: AboutParts) {
  return defineRoute({
    method: 'GET',
    path: '/readyz',
    operationId: 'showReadiness',
    tag: 'About',
    summary:
      'Whether payments can be taken: the database saves and the timestamp service gives a time that is believed',
    access: { who: 'anyone' },
    answers: { 200: { description: 'They can.', schema: healthSchema } },
    refusals: ['STORAGE_UNAVAILABLE', 'CLOCK_UNAVAILABLE'],
    async handle() {
      const problem = await parts.storageProblem();
      if (problem !== undefined) {
        throw new Refusal('STORAGE_UNAVAILABLE', problem, { retryAfterSeconds: 5 });
      }
      await refuseWrongTime(parts);
      return { status: 200, body: { status: 'ok' } };
    },
  });
}
