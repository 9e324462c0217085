import { type Int64, toBigInt } from 'thrift';
import { type Alarm, alarm } from './alarm.js';
import { type ClientConnection, openConnection, type Question } from './client-connection.js';
import type { Client } from './generated/TimestampService.js';

/** No time could be had: the service is not there, is too slow, or gave what is no time. */
export class TimeUnavailable extends Error {
  override readonly name = 'TimeUnavailable';
}

/**
 * The address at which the service listens. With `ca` it is asked over TLS, and must show a certificate for the host of one
 * of these authorities (PEM).
 */
export interface TimeServiceAddress {
  readonly host: string;
  readonly port: number;
  readonly ca?: string;
}

export interface TimeClient {
  /** Microseconds since 1970, exact. Rejects with TimeUnavailable. */
  currentTimeMicros(): Promise<number>;
  /** `YYYY-MM-DD HH:MM:SS` in UTC. Rejects with TimeUnavailable. */
  currentTimestamp(): Promise<string>;
  /** Drops the connection for good; calls under way and later ones reject with TimeUnavailable. */
  close(): void;
}

type Call<T> = (client: Client) => Promise<T>;

/**
 * A client of the timestamp service. It connects at the first call and keeps that one connection for all calls; while
 * idle it does not keep the process alive.
 *
 * A call takes `deadlineMs` in all, 500 unless given. When its connection fails, or half of that time has passed in
 * silence, it asks once more on a fresh connection, which then serves the later calls too; the first answer counts.
 */
export function connectTime(options: TimeServiceAddress & { deadlineMs?: number }): TimeClient {
  const { deadlineMs = 500, ...address } = options;
  const { host, port } = address;
  const deadlines = new Set<Alarm>();
  let current: ClientConnection | undefined;
  let isClosed = false;

  const connection = (failed?: ClientConnection) => {
    if (current === undefined || current === failed || !current.isUsable()) {
      current?.retire();
      current = openConnection(address);
    }
    return current;
  };
  const call = async <T>(ask: Call<T>): Promise<T> => {
    if (isClosed) {
      throw new TimeUnavailable('the client of the timestamp service is closed');
    }
    const deadline = alarm(deadlineMs, `no answer within ${deadlineMs} ms`);
    deadlines.add(deadline);
    try {
      return await askTwice(ask, { connection, deadline, patienceMs: deadlineMs / 2 });
    } catch (error) {
      const reason = reasonOf(error);
      throw new TimeUnavailable(`the timestamp service at ${host}:${port} gives no time: ${reason}`, {
        cause: error,
      });
    } finally {
      deadlines.delete(deadline);
      deadline.turnOff();
    }
  };
  return {
    currentTimeMicros: () => call(async (client) => exactMicros(await client.getCurrentTimeMicros())),
    currentTimestamp: () => call(async (client) => wellFormed(await client.getCurrentTimestamp())),
    close() {
      isClosed = true;
      current?.drop();
      for (const deadline of deadlines) {
        deadline.ring('the client was closed');
      }
    },
  };
}

interface Asking {
  /** The kept connection, or a fresh one in place of the one that failed. */
  connection(failed?: ClientConnection): ClientConnection;
  deadline: Alarm;
  /** How long to wait for the first answer before asking again. */
  patienceMs: number;
}

async function askTwice<T>(call: Call<T>, { connection, deadline, patienceMs }: Asking): Promise<T> {
  const questions: Question<T>[] = [];
  const ask = (asked: ClientConnection): Promise<T> => {
    const question = asked.ask(call);
    // Which of the answers counts is decided below; the other may fail unheard.
    question.answer.catch(() => {});
    questions.push(question);
    return question.answer;
  };
  const patience = alarm(patienceMs, 'no answer yet');
  try {
    const first = connection();
    const firstAnswer = ask(first);
    const early = await Promise.race([firstAnswer, patience.rings, deadline.rings]).then(
      (time) => ({ time }),
      () => undefined,
    );
    if (early !== undefined) {
      return early.time;
    }
    deadline.check();
    return await Promise.race([Promise.any([firstAnswer, ask(connection(first))]), deadline.rings]);
  } finally {
    patience.turnOff();
    for (const question of questions) {
      question.abandon();
    }
  }
}

function exactMicros(answer: Int64): number {
  const micros = Number(toBigInt(answer));
  if (!Number.isSafeInteger(micros)) {
    throw new Error('an answer beyond what a number holds exactly');
  }
  return micros;
}

function wellFormed(answer: string): string {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(answer)) {
    throw new Error('an answer of another form than YYYY-MM-DD HH:MM:SS');
  }
  return answer;
}

function reasonOf(error: unknown): string {
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  return last instanceof Error ? last.message || last.name : String(last);
}
