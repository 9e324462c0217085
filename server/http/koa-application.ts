import assert from 'node:assert/strict';
import Koa from 'koa';
import type { Context, Exchange } from './contract/exchange.js';

type Answering = (context: Context) => Promise<unknown>;

/** The step of Koa between a context and the end of its answer; its types do not show it. */
interface HandlesRequests {
  handleRequest(context: Context, answer: Answering): Promise<unknown>;
}

const inside = Koa.prototype as Koa & HandlesRequests;
assert(typeof inside.handleRequest === 'function', 'Koa handles a request in a step of its own.');

/**
 * Koa, which leaves alone an answer that was sent whole: it would listen on each response and its connection for their ends, a tenth
 * of what a small request costs, and nothing that could be done about them is left then. A stream it sends and watches as ever.
 */
export class KoaApplication extends Koa<Exchange> implements HandlesRequests {
  async handleRequest(context: Context, answer: Answering): Promise<unknown> {
    try {
      await answer(context);
      assert(context.respond === false || context.state.stream, 'What is no stream was sent.');
    } catch (error) {
      context.onerror(error as Error);
      return undefined;
    }
    const { stream } = context.state;
    const { statusCode } = context.res;
    return (
      stream &&
      inside.handleRequest.call(this, context, async () => {
        // Koa begins with 404, and cannot take that back once the head has gone out: log and metrics tell what was sent.
        context.res.statusCode = statusCode;
        context.body = stream;
      })
    );
  }
}
