import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { makeHeadWriter } from '../../server/http/answer/write-head.js';
import type { HeaderList } from '../../server/http/contract/exchange.js';
import { readToEnd } from './support/server.js';

const common: HeaderList = [
  ['X-Frame-Options', 'SAMEORIGIN'],
  ['Cache-Control', 'no-store'],
];
const writeHead = makeHeadWriter(common);

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What a bare server of Node answers to these bytes, without its date. */
async function answered(t: ExecutionContext, request: string, handler: Handler): Promise<string> {
  const server = createServer(handler);
  server.on('checkContinue', handler);
  server.keepAliveTimeout = 75_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(request);
  const text = await readToEnd(socket);
  server.close();
  t.regex(text, /^Date: .*$/m);
  return text.replaceAll(/^Date: .*\r\n/gm, '');
}

/** A request, and that the connection ends after it. */
const asking = (first: string, ...lines: readonly string[]) =>
  `${[first, 'Host: x', ...lines].join('\r\n')}\r\n\r\nGET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

const own = ['X-Request-Id', 'a', 'Content-Type', 'text/plain', 'Content-Length', '5'];

/** Answers the last request of a connection as Node does, and every other one by this. */
const lastBesides =
  (handler: Handler): Handler =>
  (request, response) => {
    if (request.url === '/last') {
      response.end('last');
    } else {
      handler(request, response);
    }
  };

const requests = {
  plain: asking('GET / HTTP/1.1'),
  head: asking('HEAD / HTTP/1.1'),
  last: 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  old: 'GET / HTTP/1.0\r\n\r\n',
  expecting: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n',
};

for (const [name, request] of Object.entries(requests)) {
  for (const status of [200, 201, 404, 503]) {
    test(`the head of an answer is the one that Node would write: ${name}, ${status}`, async (t) => {
      const ours = lastBesides((_request, response) => {
        writeHead(response, status, own);
        response.end('hello');
      });
      const theirs = lastBesides((_request, response) => {
        response.writeHead(status, [...common.flat(), ...own]);
        response.end('hello');
      });
      t.is(await answered(t, request, ours), await answered(t, request, theirs));
    });
  }
}

test('an answer without a length goes in chunks, or ends with the connection where those are not known', async (t) => {
  const handler = lastBesides((_request, response) => {
    writeHead(response, 200, ['Content-Type', 'text/csv']);
    response.write('a,b');
    response.end();
  });
  t.regex(
    await answered(t, requests.plain, handler),
    /Transfer-Encoding: chunked\r\n.*\r\n3\r\na,b\r\n0\r\n/s,
  );
  const old = await answered(t, requests.old, handler);
  t.regex(old, /Connection: close\r\n\r\na,b$/);
  t.notRegex(old, /chunked/);
});

test('a status without a body has none, and the connection goes on', async (t) => {
  const handler = lastBesides((_request, response) => {
    writeHead(response, 204, ['X-Request-Id', 'a']);
    response.end();
  });
  t.regex(
    await answered(t, requests.plain, handler),
    /^HTTP\/1.1 204 No Content\r\nX-Frame-Options: SAMEORIGIN\r\nCache-Control: no-store\r\nX-Request-Id: a\r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\n\r\nHTTP\/1.1 200 OK/,
  );
});

test('a header of the answer goes in the place of the common one, and one that was set before stays', async (t) => {
  const handler: Handler = (_request, response) => {
    response.setHeader('Connection', 'close');
    writeHead(response, 200, [...own, 'Cache-Control', 'max-age=60']);
    response.end('hello');
  };
  const text = await answered(t, requests.plain, handler);
  t.deepEqual(text.match(/^Cache-Control: .*$/gm), ['Cache-Control: max-age=60']);
  t.deepEqual(text.match(/^Connection: .*$/gm), ['Connection: close']);
  t.regex(text, /^X-Frame-Options: SAMEORIGIN\r$/m);
});

test('a header that could break out of its line is refused', async (t) => {
  let refused: unknown;
  await answered(t, requests.last, (_request, response) => {
    try {
      writeHead(response, 200, ['X-Request-Id', 'a\r\nSet-Cookie: b']);
    } catch (error) {
      refused = error;
    }
    response.end();
  });
  t.is((refused as NodeJS.ErrnoException).code, 'ERR_INVALID_CHAR');
});
