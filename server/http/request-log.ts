import type { Logger } from 'pino';
import type { Context } from './exchange.js';

/** A logger for lines that cannot hold a secret; looking for one in each costs more than writing it. */
export function requestLoggerOf(logger: Logger): Logger {
  return logger.child({}, { redact: [] });
}

/**
 * Writes one line about a request when its answer is out or its client gone. Of what was sent it holds nothing but the
 * method and the route; never the path as typed, a query string, a header or a body.
 */
export function logWhenDone(context: Context, requestLogger: Logger): void {
  const { req, res, state } = context;
  const startedAtMs = performance.now();
  res.once('close', () => {
    requestLogger.info(
      {
        method: req.method,
        route: state.route?.path,
        status: res.headersSent ? res.statusCode : undefined,
        code: state.code,
        durationMs: Math.round((performance.now() - startedAtMs) * 1000) / 1000,
        userId: state.viewer?.userId,
        requestId: state.requestId,
        address: state.address,
        aborted: res.writableFinished ? undefined : true,
      },
      'request',
    );
  });
}
