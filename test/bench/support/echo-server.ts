import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import getRawBody from 'raw-body';

// The reference: a bare Koa server over HTTPS that answers a GET with a small JSON, and parses what is posted and echoes it.

const [certPath = '', keyPath = ''] = process.argv.slice(2);

const app = new Koa();
app.use(async (context) => {
  if (context.method === 'GET') {
    context.body = { status: 'ok' };
    return;
  }
  const text = await getRawBody(context.req, { encoding: 'utf8' });
  context.status = 201;
  context.body = JSON.parse(text);
});

const server = createServer({ cert: readFileSync(certPath), key: readFileSync(keyPath) }, app.callback());
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`echo-server ready https://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
