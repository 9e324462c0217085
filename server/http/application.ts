import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BlockList } from 'node:net';
import type Koa from 'koa';
import type { Logger } from 'pino';
import { Refusal } from '../errors.js';
import { clientAddress, makeProxyList } from '../network.js';
import type { LimitTable } from '../rate-figures.js';
import { refusalOf, sendRefusal } from './answer/answer.js';
import { makeHeadWriter } from './answer/write-head.js';
import { callerName } from './contract/caller-name.js';
import type { Context, Exchange, HeaderList, WriteHead } from './contract/exchange.js';
import { type ApiInfo, openApiDocument } from './contract/openapi.js';
import type { Route } from './contract/route.js';
import { checkTable } from './contract/table.js';
import { KoaApplication } from './koa-application.js';
import { announcedBytes, discardBody, leaveBody } from './read/read-body.js';
import { makeTransferCodingCheck } from './read/transfer-coding.js';
import { referenceRoutes } from './reference-page.js';
import { type FindEndpoint, makeRouter, refuseUnrouted } from './router.js';
import type { Authenticate } from './serve/bearer.js';
import { type DiskFloor, type LimitParts, makeCallerLimits } from './serve/charges.js';
import type { CallerLimiter } from './serve/rate-limiter.js';
import { requestIdOf } from './serve/request-id.js';
import { type OnRequestDone, requestLoggerOf, watchRequest } from './serve/request-log.js';
import { securityHeaders } from './serve/security-headers.js';

export interface AppOptions extends LimitParts {
  readonly routes: readonly Route[];
  /** Finds out whose token it is; undefined where it is nobody's. */
  readonly authenticate: Authenticate;
  readonly logger: Logger;
  /** What the OpenAPI document says of the whole. */
  readonly info: ApiInfo;
  /** Told of each request when its answer is out or its client gone. */
  readonly onRequestDone?: OnRequestDone;
  /** What limits callers and routes; none where nothing does. */
  readonly rateLimits: LimitTable | undefined;
  /** Refuses large writes where the disk is nearly full. */
  readonly diskFloor?: DiskFloor;
  /** Whose word counts about where a request comes from. */
  readonly trustedProxies?: readonly string[] | undefined;
}

export interface App {
  /** The table with the routes that publish it. */
  readonly routes: readonly Route[];
  /** Answers every request, whatever happens; never rejects. For a server that somebody else makes. */
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
}

/** The HTTP application of a table of routes. It never listens. */
export function makeApp(options: AppOptions): App {
  const app = new KoaApplication();
  const { logger, rateLimits: limits, trustedProxies } = options;
  let documentText: string | undefined;
  // Made when it is first asked for: that takes about a tenth of a second, and most servers are never asked.
  const document = () => (documentText ??= JSON.stringify(openApiDocument(routes, options.info)));
  const routes: readonly Route[] = [...options.routes, ...referenceRoutes(options.info.title, document)];
  checkTable(routes);
  const callerLimits = limits && makeCallerLimits(limits, options);
  const { router, find } = makeRouter(routes, {
    authenticate: options.authenticate,
    callerLimits,
    diskFloor: options.diskFloor ?? (async () => {}),
  });
  app.use(
    makeExchange(securityHeaders(), {
      logger,
      onRequestDone: options.onRequestDone ?? (() => {}),
      limitMisses: callerLimits?.misses,
      proxies: trustedProxies && makeProxyList(trustedProxies),
    }),
  );
  app.use(answerKnownPath(find));
  app.use(router.routes());
  app.use(refuseUnrouted);
  app.on('error', (error: unknown, context: Context) => logBrokenAnswer(error, context, logger));
  const handle = app.callback();
  return {
    routes,
    callback: () => (request, response) => {
      void handle(request, response);
    },
  };
}

interface ExchangeParts {
  readonly logger: Logger;
  readonly onRequestDone: OnRequestDone;
  readonly limitMisses: CallerLimiter | undefined;
  readonly proxies: BlockList | undefined;
}

/** The outermost layer: what every answer carries, the line in the log, and the answer to whatever was thrown. */
function makeExchange(headers: HeaderList, parts: ExchangeParts): Koa.Middleware<Exchange> {
  const { logger, onRequestDone, limitMisses, proxies } = parts;
  const logRequest = requestLoggerOf(logger);
  const writeHead = makeHeadWriter(headers);
  const checkTransferCoding = makeTransferCodingCheck();
  return async (context, next) => {
    context.state = begin(context.req, writeHead, proxies);
    watchRequest(context, logRequest, onRequestDone);
    try {
      checkVersion(context);
      checkHost(context);
      checkTransferCoding(context.req, context.res);
      await next();
    } catch (error) {
      const refusal = await orTooMany(refusalOf(error), context.state, limitMisses);
      if (refusal.code === 'INTERNAL_ERROR') {
        logger.error(
          { err: error, requestId: context.state.requestId, route: context.state.route?.path },
          'failed',
        );
      }
      refuseBody(context, refusal);
      sendRefusal(context, refusal);
    }
  };
}

/**
 * The refusal, or RATE_LIMITED where the caller has been answered too often that it is not known, or that there is nothing: that is
 * how tokens and ids are guessed.
 */
async function orTooMany(
  refusal: Refusal,
  state: Exchange,
  limitMisses: CallerLimiter | undefined,
): Promise<Refusal> {
  if (refusal.status !== 401 && refusal.status !== 404) {
    return refusal;
  }
  try {
    await limitMisses?.take(callerName(state));
    return refusal;
  } catch (error) {
    return refusalOf(error);
  }
}

function begin(
  { headers, socket }: IncomingMessage,
  writeHead: WriteHead,
  proxies: BlockList | undefined,
): Exchange {
  return {
    requestId: requestIdOf(headers['x-request-id']),
    writeHead,
    address: clientAddress(socket.remoteAddress, headers['x-forwarded-for'], proxies),
    route: undefined,
    viewer: undefined,
    code: undefined,
    rateLimit: undefined,
    stream: undefined,
    isUnderKey: false,
  };
}

const noParams = Object.freeze({});

/** Takes the requests whose path is written as that of a route without parameters; of the others the target is checked. */
function answerKnownPath(find: FindEndpoint): Koa.Middleware<Exchange> {
  return (context, next) => {
    const { method = '', url = '' } = context.req;
    const query = url.indexOf('?');
    const endpoint = find(method, query === -1 ? url : url.slice(0, query));
    if (endpoint !== undefined) {
      return endpoint(context, noParams);
    }
    checkTarget(context);
    return next();
  };
}

/** Node is told not to check the Host header itself, since its own answer is no problem document (RFC 9112 §3.2). */
function checkHost({ req }: Context): void {
  const { host } = req.headers;
  if (host === undefined && req.httpVersion === '1.1') {
    throw new Refusal('MALFORMED_REQUEST', 'The request has no Host header.');
  }
  // The headers of one name are joined by commas, which no host holds.
  if (host?.includes(',')) {
    throw new Refusal('MALFORMED_REQUEST', 'The request has more than one Host header.');
  }
}

/** Node's parser takes HTTP/0.9 and 2.0 on this connection, too, which are spoken otherwise. */
function checkVersion({ req }: Context): void {
  if (req.httpVersion !== '1.1' && req.httpVersion !== '1.0') {
    throw new Refusal('MALFORMED_REQUEST', 'The server speaks HTTP/1.1 and 1.0.');
  }
}

function checkTarget(context: Context): void {
  let path: string;
  try {
    path = context.path;
  } catch {
    throw new Refusal('MALFORMED_REQUEST', 'The request target is not a valid URL.');
  }
  if (path.includes('%') && !isDecodable(path)) {
    throw new Refusal('NOT_FOUND', 'There is nothing at this address.');
  }
}

/** No name or id holds U+0000, and not every database takes it. */
function isDecodable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\u0000');
  } catch {
    return false;
  }
}

/** A body that is longer than this is not read of those who have sent too much. */
const readOfRefusedBytes = 64 * 1024;

/** What is left of the body of a refused request is thrown away, or left where it is. */
function refuseBody({ req, res }: Context, { code }: Refusal): void {
  const isLong = (announcedBytes(req) ?? Number.POSITIVE_INFINITY) > readOfRefusedBytes;
  if (code === 'RATE_LIMITED' && isLong && !req.complete) {
    leaveBody(req, res);
  } else {
    discardBody(req, res);
  }
}

/** An answer that broke off after it began: the client left, or a stream of ours failed. */
function logBrokenAnswer(error: unknown, { state }: Context, logger: Logger): void {
  const code = (error as NodeJS.ErrnoException).code;
  const hasClientLeft = code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE';
  const line = { err: error, requestId: state.requestId, route: state.route?.path };
  if (hasClientLeft) {
    logger.debug(line, 'the client went away');
  } else {
    logger.error(line, 'an answer broke off');
  }
}
