import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import Koa from 'koa';
import { request } from 'undici';
import type { Exchange } from '../../server/http/contract/exchange.js';
import { KoaApplication } from '../../server/http/koa-application.js';

type Middleware = Koa.Middleware<Exchange>;

/** Where a server of the application listens until the end of the test. */
async function served(t: ExecutionContext, app: Koa<Exchange>): Promise<string> {
  app.silent = true;
  const server = createServer(app.callback());
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an answer that is sent whole is not watched by Koa, as it is by Koa alone', async (t) => {
  const listeners: number[] = [];
  const whole: Middleware = (context) => {
    listeners.push(context.res.listenerCount('finish'));
    context.respond = false;
    context.res.statusCode = 200;
    context.res.end('whole');
  };
  for (const app of [new KoaApplication(), new Koa<Exchange>()]) {
    app.use(whole);
    const { statusCode, body } = await request(await served(t, app));
    t.is(statusCode, 200);
    t.is(await body.text(), 'whole');
  }
  const [ours = 0, theirs = 0] = listeners;
  t.true(ours < theirs);
});

test('a stream is sent by Koa, and ends when its reader leaves', async (t) => {
  const app = new KoaApplication();
  const stream = new PassThrough();
  stream.write('a,b\n');
  let seenAtItsEnd: () => number = () => 0;
  app.use((context) => {
    context.res.writeHead(202, { 'Content-Type': 'text/csv' });
    context.state.stream = stream;
    seenAtItsEnd = () => context.status;
  });
  const { statusCode, body } = await request(await served(t, app));
  t.is(statusCode, 202);
  const [chunk] = await once(body, 'data');
  t.is(String(chunk), 'a,b\n');
  const closed = new Promise((resolve) => stream.on('close', resolve).on('error', () => {}));
  body.on('error', () => {});
  body.destroy();
  await closed;
  t.true(stream.destroyed);
  // What log and metrics tell.
  t.is(seenAtItsEnd(), 202);
});

test('what a layer throws, and an answer that nobody sent, is a 500', async (t) => {
  const errors: unknown[] = [];
  const layers: Middleware[] = [
    () => {
      throw new Error('thrown');
    },
    () => {},
  ];
  for (const layer of layers) {
    const app = new KoaApplication();
    app.on('error', (error: Error) => errors.push(error.message));
    app.use(layer);
    const { statusCode, body } = await request(await served(t, app));
    t.is(statusCode, 500);
    await body.dump();
  }
  t.deepEqual(errors, ['thrown', 'What is no stream was sent.']);
});
