import { randomUUID } from 'node:crypto';

const sane = /^[A-Za-z0-9._-]{1,128}$/;

/** The id that the client gave its request, or a fresh one where it gave none that can be logged and echoed safely. */
export function requestIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && sane.test(header) ? header : randomUUID();
}
