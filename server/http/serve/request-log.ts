import assert from 'node:assert/strict';
import { type Logger, pino } from 'pino';
import type { ErrorCode } from '../../errors.js';
import { publicId } from '../../ids.js';
import type { Context } from '../contract/exchange.js';
import type { Route } from '../contract/route.js';

/** What the line about a request says of it. */
export interface RequestLine {
  readonly method: string | undefined;
  readonly route: string | undefined;
  /** Undefined where it had no answer. */
  readonly status: number | undefined;
  /** The code of a refusal. */
  readonly code: ErrorCode | undefined;
  /** With three decimals at most. */
  readonly durationMs: number;
  readonly userId: string | undefined;
  readonly requestId: string;
  readonly address: string;
  readonly isAborted: boolean;
}

const member = (name: string, value: string | undefined) =>
  value === undefined ? '' : `,"${name}":"${value}"`;

/**
 * The members of the line, as pino would write them. Only the address may need to be escaped: method and request id are plain
 * when they come here, and the others are words and numbers of ours.
 */
function membersOf(line: RequestLine): string {
  const { method, route, status, code, durationMs, userId, requestId, address, isAborted } = line;
  const outcome = `${status === undefined ? '' : `,"status":${status}`}${member('code', code)},"durationMs":${durationMs}`;
  const origin = `${member('userId', userId)},"requestId":"${requestId}","address":${JSON.stringify(address)}`;
  return `${member('method', method)}${member('route', route)}${outcome}${origin}${isAborted ? ',"aborted":true' : ''}`;
}

/** The step of pino from what is logged to the text of its line, and what its lines begin with; its types do not show them. */
interface MakesLines {
  [pino.symbols.asJsonSym](logged: RequestLine, message: string, level: number, time: string): string;
  readonly [pino.symbols.lsCacheSym]: Readonly<Record<number, string>>;
  readonly [pino.symbols.chindingsSym]: string;
}

/** A logger of nothing but the lines about requests, which hold no secret. */
export type RequestLogger = (line: RequestLine) => void;

/**
 * Makes the logger of the lines about requests. There is one for each request, and pino, which must look at each member for what it
 * is and whether it holds a secret, takes a tenth of a small one's time for it; so the text is made here, and all else is pino's.
 */
export function requestLoggerOf(logger: Logger): RequestLogger {
  const lines = logger.child({}) as Logger & MakesLines;
  assert(
    typeof lines[pino.symbols.asJsonSym] === 'function',
    'pino makes the text of a line in a step of its own.',
  );
  lines[pino.symbols.asJsonSym] = (line, message, level, time) => {
    const beginning = `${lines[pino.symbols.lsCacheSym][level]}${time}${lines[pino.symbols.chindingsSym]}`;
    return `${beginning}${membersOf(line)},"msg":"${message}"}\n`;
  };
  return (line) => lines.info(line, 'request');
}

/** Told of a request when its answer is out or its client gone; no status where it had no answer. */
export type OnRequestDone = (done: {
  readonly route: Route | undefined;
  readonly status: number | undefined;
  readonly seconds: number;
  /** The code of a refusal. */
  readonly code: ErrorCode | undefined;
}) => void;

/**
 * Writes one line about a request when its answer is out or its client gone. Of what was sent it holds nothing but the
 * method and the route; never the path as typed, a query string, a header or a body.
 */
export function watchRequest(context: Context, log: RequestLogger, onDone: OnRequestDone): void {
  const { req, res, state } = context;
  const startedAtMs = performance.now();
  res.on('close', () => {
    const durationMs = performance.now() - startedAtMs;
    const status = res.headersSent ? res.statusCode : undefined;
    log({
      method: req.method,
      route: state.route?.path,
      status,
      code: state.code,
      durationMs: Math.round(durationMs * 1000) / 1000,
      userId: state.viewer && publicId('usr', state.viewer.userId),
      requestId: state.requestId,
      address: state.address,
      isAborted: !res.writableFinished,
    });
    onDone({ route: state.route, status, seconds: durationMs / 1000, code: state.code });
  });
}
