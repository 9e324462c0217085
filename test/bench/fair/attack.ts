import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import type { Person } from '../support/load/person.js';

/** What an attacker has in hand. */
export interface Attacker {
  readonly url: string;
  /** Whom the attacker acts as, and a second account of theirs. */
  readonly person: Person;
  readonly other: Person;
  /** Over when it has gone on long enough. */
  readonly over: AbortSignal;
  /** Connections of the attacker's own, as many as the attack opens. */
  readonly dispatcher: Agent;
  /** Takes in what the server answered. */
  note(status: number): void;
}

export interface Attack {
  /** What `--only` calls it. */
  readonly name: string;
  readonly what: string;
  /** Whether the attacker is the one with a long history. */
  readonly isOfLongHistory?: true;
  readonly run: (attacker: Attacker) => Promise<void>;
}

export const makeAttackerAgent = (): Agent =>
  new Agent({ connect: { rejectUnauthorized: false }, connections: 512, bodyTimeout: 0, headersTimeout: 0 });

interface Asked {
  readonly method?: 'GET' | 'POST';
  readonly as?: Person;
  readonly body?: string;
  readonly accept?: string;
}

/** Asks as the attacker, reads the answer and takes it in. */
export async function ask(attacker: Attacker, path: string, asked: Asked = {}): Promise<number> {
  const { as = attacker.person, body, accept, method = body === undefined ? 'GET' : 'POST' } = asked;
  try {
    const answer = await request(attacker.url + path, {
      dispatcher: attacker.dispatcher,
      method,
      signal: attacker.over,
      headers: {
        authorization: `Bearer ${as.token}`,
        ...(accept !== undefined && { accept }),
        ...(body !== undefined && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      },
      ...(body !== undefined && { body }),
    });
    await answer.body.dump({ limit: 1e9 });
    attacker.note(answer.statusCode);
    return answer.statusCode;
  } catch {
    if (!attacker.over.aborted) {
      attacker.note(0);
    }
    return 0;
  }
}

/** How long an attacker who is refused waits before the next try: as impatient as makes sense. */
const impatienceMs = 20;

/** So many at a time do it again and again until it is over. */
export async function atOnce(
  howMany: number,
  { over }: Attacker,
  work: (number: number) => Promise<number>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: howMany }, async () => {
      while (!over.aborted) {
        const status = await work(next++);
        if (status === 0 || status >= 400) {
          await new Promise((resolve) => setTimeout(resolve, impatienceMs));
        }
      }
    }),
  );
}
