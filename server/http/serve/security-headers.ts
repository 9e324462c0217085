import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import Koa from 'koa';
import helmet from 'koa-helmet';
import type { HeaderList } from '../contract/exchange.js';

type HelmetOptions = NonNullable<Parameters<typeof helmet>[0]>;

/** The policy for JSON, which is never a page: nothing may be loaded from it and nothing may frame it. */
const forJson: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], frameAncestors: ["'none'"] },
  },
};

/** A response that only takes notes of its headers, under their names as they are written. */
class NotingResponse extends ServerResponse {
  readonly noted = new Map<string, string>();

  override setHeader(name: string, value: number | string | readonly string[]): this {
    this.noted.set(name, String(value));
    return this;
  }

  override removeHeader(name: string): void {
    this.noted.delete(name);
  }
}

/**
 * The headers that helmet sets, as a list. None of them depends on the request, so they are worked out once, by running the
 * middleware (which does its work synchronously) on a response that only takes notes.
 */
function headersOfHelmet(options: HelmetOptions): HeaderList {
  const response = new NotingResponse(new IncomingMessage(new Socket()));
  void helmet(options)(new Koa().createContext(response.req, response), async () => {});
  if (response.noted.size === 0) {
    throw new Error('helmet set no headers');
  }
  return Object.freeze([...response.noted]);
}

/** The headers of every answer, whatever it says: helmet's, and that nobody may keep a copy. */
export function securityHeaders(): HeaderList {
  return Object.freeze([...headersOfHelmet(forJson), ['Cache-Control', 'no-store'] as const]);
}

/** The Content-Security-Policy of the reference page, which loads its script and style from this server only. */
export function referencePagePolicy(): string {
  const headers = headersOfHelmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        // The style sheet of Swagger UI draws its icons from data URLs.
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  });
  const policy = headers.find(([name]) => name === 'Content-Security-Policy');
  if (policy === undefined) {
    throw new Error('helmet set no Content-Security-Policy');
  }
  return policy[1];
}
