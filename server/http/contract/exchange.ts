import type Koa from 'koa';
import type { ErrorCode } from '../../errors.js';
import type { Route, Viewer } from './route.js';

/** One request while it is answered, with what is known about it; lives in `ctx.state`. */
export interface Exchange {
  requestId: string;
  /** The headers of every answer, made once: name and value in turns. */
  fixedHeaders: readonly string[];
  /** The caller's IP address, IPv4 as IPv4 even where the socket is IPv6. */
  address: string;
  route: Route | undefined;
  viewer: Viewer | undefined;
  /** Why it was refused, where it was. */
  code: ErrorCode | undefined;
  /** What the caller may still do, as the headers say it; undefined where nobody is limited. */
  rateLimit: { readonly policy: string; readonly left: string } | undefined;
  /** Whether a failure from here on may have happened after money moved. */
  isUnderKey: boolean;
}

export type Context = Koa.ParameterizedContext<Exchange>;
