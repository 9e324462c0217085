import type { Context } from './exchange.js';
import type { Access, Call, Viewer } from './route.js';

export interface Input {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly isDryRun: boolean;
  readonly idempotencyKey: string | undefined;
  readonly lastEventId: string | undefined;
  readonly shownCode: string | undefined;
}

/**
 * What a use case is handed. A class, for its accessor: few routes look at the signal, so it is made for those that do,
 * and an accessor in an object literal would give every call a hidden class of its own.
 */
export class LazyCall implements Call<Access, unknown, unknown, unknown> {
  readonly viewer: Viewer | undefined;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly isDryRun: boolean;
  readonly idempotencyKey: string | undefined;
  readonly lastEventId: string | undefined;
  readonly shownCode: string | undefined;
  readonly requestId: string;
  readonly address: string;
  readonly mediaType: string;
  readonly #context: Context;
  #controller: AbortController | undefined;

  constructor(context: Context, input: Input, mediaType: string) {
    this.viewer = context.state.viewer;
    this.params = input.params;
    this.query = input.query;
    this.body = input.body;
    this.isDryRun = input.isDryRun;
    this.idempotencyKey = input.idempotencyKey;
    this.lastEventId = input.lastEventId;
    this.shownCode = input.shownCode;
    this.requestId = context.state.requestId;
    this.address = context.state.address;
    this.mediaType = mediaType;
    this.#context = context;
  }

  get signal(): AbortSignal {
    this.#controller ??= abortWhenGone(this.#context);
    return this.#controller.signal;
  }
}

function abortWhenGone({ res }: Context): AbortController {
  const controller = new AbortController();
  if (res.destroyed) {
    controller.abort();
  }
  res.once('close', () => {
    if (!res.writableFinished) {
      controller.abort();
    }
  });
  return controller;
}
