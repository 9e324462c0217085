import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import type { Person } from './load/person.js';

/** One answer, read to its end. */
export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

const dispatcher = new Agent({
  connect: { rejectUnauthorized: false },
  connections: 64,
  bodyTimeout: 600_000,
  // Nothing that waits for an answer must keep the bench from ending.
  keepAliveTimeout: 1_000,
});

function headersOf(person: Person, body: string | undefined, accept: string | undefined) {
  return {
    authorization: `Bearer ${person.token}`,
    ...(accept !== undefined && { accept }),
    ...(body !== undefined && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
  };
}

/** One call as this person, with a fresh key where something is posted. */
export async function callApi(
  url: string,
  person: Person,
  method: 'GET' | 'POST',
  path: string,
  body?: string,
): Promise<ApiAnswer> {
  const headers = headersOf(person, body, undefined);
  const answer = await request(url + path, {
    dispatcher,
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  return { status: answer.statusCode, text: await answer.body.text() };
}

/** The whole history as CSV, counted and dropped as it comes. */
export async function exportHistory(url: string, person: Person): Promise<{ status: number; bytes: number }> {
  const headers = headersOf(person, undefined, 'text/csv');
  const answer = await request(`${url}/v1/payments`, { dispatcher, headers });
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += (chunk as Buffer).length;
  }
  return { status: answer.statusCode, bytes };
}
