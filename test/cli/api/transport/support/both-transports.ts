import test, { type ExecutionContext } from 'ava';
import { makeHttpsTransport } from '../../../../../cli/api/https-transport.js';
import {
  type Exchange,
  NothingSent,
  type Transport,
  type TransportAnswer,
} from '../../../../../cli/api/transport.js';
import type { TrustRule } from '../../../../../cli/api/trust/trust-rule.js';
import { makeUndiciTransport } from '../../../../../cli/api/undici-transport.js';
import { type Behaviour, type NastyServer, startNastyServer } from './nasty-server.js';

const makers = { https: makeHttpsTransport, undici: makeUndiciTransport };

export interface Stage {
  readonly server: NastyServer;
  readonly transport: Transport;
  /** Ends what the transport does. */
  readonly controller: AbortController;
  /** A transport of the same kind to another address. */
  reach(url: string, rule: TrustRule): Transport;
  get(more?: Partial<Exchange>): Promise<TransportAnswer>;
  post(more?: Partial<Exchange>): Promise<TransportAnswer>;
}

// No system store, so that what is tested does not depend on this machine's.
export const bare = { environment: { SSL_CERT_FILE: '/nonexistent' }, authorities: [] };

async function setStage(
  t: ExecutionContext,
  make: typeof makeHttpsTransport,
  behaviour: Behaviour,
): Promise<Stage> {
  const server = await startNastyServer(behaviour);
  const controller = new AbortController();
  const { signal } = controller;
  const opened: Transport[] = [];
  const reach = (url: string, rule: TrustRule) => {
    const transport = make(url, async () => rule, signal);
    opened.push(transport);
    return transport;
  };
  t.teardown(async () => {
    await Promise.all(opened.map((transport) => transport.close()));
    await server.stop();
  });
  const transport = reach(server.url, { ...bare, pin: server.fingerprint });
  const common = {
    path: '/v1/payments',
    headers: { authorization: 'Bearer secret' },
    timeoutMs: 5_000,
    signal,
  };
  return {
    server,
    transport,
    controller,
    reach,
    get: (more) => transport.send({ ...common, method: 'GET', ...more }),
    post: (more) => transport.send({ ...common, method: 'POST', body: '{"to":"bob"}', ...more }),
  };
}

/** The same test over each transport, against a server that behaves as given until the test says otherwise. */
export function overBoth(
  title: string,
  behaviour: Behaviour,
  run: (t: ExecutionContext, stage: Stage) => Promise<void>,
): void {
  for (const [name, make] of Object.entries(makers)) {
    test(`${title} (${name})`, async (t) => {
      await run(t, await setStage(t, make, behaviour));
    });
  }
}

export async function textOf({ pieces }: TransportAnswer): Promise<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
  }
  return text;
}

/** Asserts that nothing was sent, as the error says. */
export async function nothingSent(t: ExecutionContext, sending: Promise<unknown>): Promise<NothingSent> {
  const error = await t.throwsAsync(sending, { instanceOf: NothingSent });
  return error as NothingSent;
}

/** Asserts that it is open whether the request arrived, as the error says. */
export async function open(t: ExecutionContext, sending: Promise<unknown>): Promise<void> {
  const error = await t.throwsAsync(sending, { any: true });
  t.false(error instanceof NothingSent, String(error));
}
