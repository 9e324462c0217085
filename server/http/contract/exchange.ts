import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type Koa from 'koa';
import type { ErrorCode } from '../../errors.js';
import type { Route, Viewer } from './route.js';

export type HeaderList = readonly (readonly [name: string, value: string])[];

/**
 * Writes status and headers of an answer, besides those of every answer; its own are name and value in turns, and replace those of
 * every answer that have their name.
 */
export type WriteHead = (response: ServerResponse, status: number, own: readonly string[]) => void;

/** One request while it is answered, with what is known about it; lives in `ctx.state`. */
export interface Exchange {
  requestId: string;
  /** Writes the head of the answer, with the headers of every answer. */
  writeHead: WriteHead;
  /** The caller's IP address, IPv4 as IPv4 even where the socket is IPv6. */
  address: string;
  route: Route | undefined;
  viewer: Viewer | undefined;
  /** The code of the refusal, where it was refused. */
  code: ErrorCode | undefined;
  /** What the caller may still do, as the headers say it; undefined where nobody is limited. */
  rateLimit: { readonly policy: string; readonly left: string } | undefined;
  /** The body that is left to Koa to send. */
  stream: Readable | undefined;
  /** Whether a failure from here on may have happened after money moved. */
  isUnderKey: boolean;
}

export type Context = Koa.ParameterizedContext<Exchange>;
