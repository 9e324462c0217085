import type { Logger } from 'pino';
import type { ErrorCode } from '../../errors.js';
import { publicId } from '../../ids.js';
import type { Context } from '../contract/exchange.js';
import type { Route } from '../contract/route.js';

/** A logger for lines that cannot hold a secret; looking for one in each costs more than writing it. */
export function requestLoggerOf(logger: Logger): Logger {
  return logger.child({}, { redact: [] });
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
export function watchRequest(context: Context, requestLogger: Logger, onDone: OnRequestDone): void {
  const { req, res, state } = context;
  const startedAtMs = performance.now();
  res.on('close', () => {
    const durationMs = performance.now() - startedAtMs;
    const status = res.headersSent ? res.statusCode : undefined;
    requestLogger.info(
      {
        method: req.method,
        route: state.route?.path,
        status,
        code: state.code,
        durationMs: Math.round(durationMs * 1000) / 1000,
        userId: state.viewer && publicId('usr', state.viewer.userId),
        requestId: state.requestId,
        address: state.address,
        aborted: res.writableFinished ? undefined : true,
      },
      'request',
    );
    onDone({ route: state.route, status, seconds: durationMs / 1000, code: state.code });
  });
}
