import { randomUUID } from 'node:crypto';
import type { Client, Reply } from '../../api/support/client.js';
import { balanceOf, newScript, type Person, pay } from '../../api/support/people.js';
import { until } from '../../support/until.js';

/** What somebody was answered who asked for a payment under a key, the last time that was asked. */
type Answer = 'paid' | 'refused' | 'nothing was done' | 'unknown';

/** A payment that was asked for, and what is known of it. */
export interface Asked {
  readonly from: Person;
  readonly to: Person;
  readonly cents: number;
  readonly key: string;
  answer: Answer;
  /** The payment's id, where one was answered. */
  id?: string;
}

export interface ClusterLoad {
  readonly people: readonly Person[];
  readonly asked: readonly Asked[];
  /** Resolves when both servers have answered a payment that was asked for from now on; gives after how many milliseconds each has. */
  untilPaid(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

const lanes = 8;
/** Of those that failed so many are asked for again until there is an answer, as a client does; the others are left as they are. */
const repeated = 0.5;

function answerOf({ status, text }: Reply): Answer {
  if (status === 201) {
    return 'paid';
  }
  if (status < 500) {
    return 'refused';
  }
  return /nothing was (?:changed|done)/.test(text) && !text.includes('unknown')
    ? 'nothing was done'
    : 'unknown';
}

/** Asks once; an answer that does not come is none. */
export async function ask(server: Client, one: Asked): Promise<void> {
  const send = { to: one.to.username, amount: (one.cents / 100).toFixed(2) };
  try {
    const reply = await pay(server, one.from, send, one.key);
    one.answer = answerOf(reply);
    if (reply.status === 201) {
      one.id = reply.json.id;
    }
  } catch {
    one.answer = 'unknown';
  }
}

export const isSettled = ({ answer }: Asked): boolean => answer === 'paid' || answer === 'refused';

/** People who pay each other through both servers, under keys, until they are stopped. */
export async function startLoad(servers: readonly [Client, Client]): Promise<ClusterLoad> {
  const people: Person[] = [];
  for (const server of [...servers, ...servers]) {
    people.push(await newScript(server));
  }
  const asked: Asked[] = [];
  const paidSince = new Map<Client, number[]>(servers.map((server) => [server, []]));
  let isEnding = false;

  async function payAll(lane: number): Promise<void> {
    const server = servers[lane % 2] as Client;
    for (let number = 0; !isEnding; number += 1) {
      const from = people[(lane + number) % people.length] as Person;
      const to = people[(lane + number + 1 + (number % 3)) % people.length] as Person;
      const one: Asked = { from, to, cents: 1 + (number % 50), key: randomUUID(), answer: 'unknown' };
      asked.push(one);
      const startedAtMs = performance.now();
      await ask(server, one);
      if (!isSettled(one) && Math.random() < repeated) {
        await until(
          'an answer for good',
          async () => {
            await ask(server, one);
            return isSettled(one) || isEnding;
          },
          240_000,
        );
      } else if (one.answer === 'paid') {
        paidSince.get(server)?.push(startedAtMs);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const paying = Promise.all(Array.from({ length: lanes }, (_, lane) => payAll(lane)));
  return {
    people,
    asked,
    async untilPaid() {
      const fromMs = performance.now();
      const first = async (server: Client) => {
        await until(
          'a payment that is answered',
          () => paidSince.get(server)?.some((ms) => ms >= fromMs),
          60_000,
        );
        return performance.now() - fromMs;
      };
      return Promise.all(servers.map(first));
    },
    async stop() {
      isEnding = true;
      await paying;
    },
  };
}

/** What each should hold, in hundredths, by the payments that were made; everybody has begun with 1000.00. */
export function heldBy({ people, asked }: ClusterLoad): readonly string[] {
  const paid = asked.filter(({ answer }) => answer === 'paid');
  const sum = (some: readonly Asked[]) => some.reduce((cents, one) => cents + one.cents, 0);
  return people.map((person) => {
    const cents =
      100_000 + sum(paid.filter(({ to }) => to === person)) - sum(paid.filter(({ from }) => from === person));
    return (cents / 100).toFixed(2);
  });
}

export const balancesOf = (server: Client, { people }: ClusterLoad): Promise<readonly string[]> =>
  Promise.all(people.map((person) => balanceOf(server, person)));
