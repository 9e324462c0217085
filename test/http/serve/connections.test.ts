import { EventEmitter, once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { type ErrorCode, errorCodes } from '../../../server/errors.js';
import { defineRoute } from '../../../server/http/contract/route.js';
import { until } from '../../support/until.js';
import { readToEnd, readUntil, startServer, whenClosed } from '../support/server.js';

const login = '{"username":"alice","password":"right"}';

/** Sees that the last thing the server said was a whole problem document and that it closed the connection. */
function endsInProblem(t: ExecutionContext, text: string, code: ErrorCode): void {
  const start = [...text.matchAll(/HTTP\/1\.1 \d{3} /g)].at(-1)?.index;
  const [head = '', body = ''] = text.slice(start).split('\r\n\r\n');
  t.true(head.startsWith(`HTTP/1.1 ${errorCodes[code].status} `), text);
  t.regex(head, /\r\nContent-Type: application\/problem\+json\r\n/);
  t.regex(head, /\r\nCache-Control: no-store\r\n/);
  t.regex(head, /\r\nX-Content-Type-Options: nosniff\r\n/);
  t.regex(head, /\r\nConnection: close/);
  const problem = JSON.parse(body);
  t.is(problem.code, code);
  t.true(head.includes(`X-Request-Id: ${problem.requestId}`));
}

const malformed: readonly [title: string, bytes: string][] = [
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['an unknown method', 'FROB / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['an unknown version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
  ['a header without a name', 'GET /things/1 HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n'],
  ['a broken content length', 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n'],
  ['a negative content length', 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
  [
    'two content lengths',
    'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
  ],
  [
    'a length and chunks',
    'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'a chunk that is none',
    'POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n',
  ],
];

for (const [title, bytes] of malformed) {
  test(`what is not HTTP is answered with a problem and a closed connection: ${title}`, async (t) => {
    const { dial } = await startServer(t);
    const socket = await dial();
    socket.write(bytes);
    endsInProblem(t, await readToEnd(socket), 'MALFORMED_REQUEST');
  });
}

const chunked = '\r\nContent-Type: application/json\r\nConnection: keep-alive\r\nTransfer-Encoding:';
const inChunks = `${login.length.toString(16)}\r\n${login}\r\n0\r\n\r\n`;
const next = 'POST /slow HTTP/1.1\r\nHost: x\r\n\r\n';

for (const [title, head] of [
  ['a coding besides chunks', `POST /login HTTP/1.1\r\nHost: x${chunked} gzip, chunked`],
  ['an unknown coding besides chunks', `POST /login HTTP/1.1\r\nHost: x${chunked} x,chunked`],
  ['chunks in HTTP/1.0', `POST /login HTTP/1.0\r\nHost: x${chunked} chunked`],
]) {
  test(`a body whose end others may see elsewhere is refused, and what follows it is not done: ${title}`, async (t) => {
    const { dial, gate, ask } = await startServer(t);
    let isNextDone = false;
    void gate.arrival().then(() => {
      isNextDone = true;
    });
    const socket = await dial();
    socket.write(`${head}\r\n\r\n${inChunks}${next}`);
    const text = await readToEnd(socket);
    endsInProblem(t, text, 'MALFORMED_REQUEST');
    t.is(text.match(/HTTP\/1\.1 \d{3} /g)?.length, 1);
    t.is((await ask('/things/1')).status, 200);
    t.false(isNextDone);
  });
}

test('chunks in HTTP/1.1 are a body, however their name is written', async (t) => {
  const { dial } = await startServer(t);
  for (const name of ['chunked', 'Chunked', ' CHUNKED ']) {
    const socket = await dial();
    socket.write(`POST /login HTTP/1.1\r\nHost: x${chunked}${name}\r\n\r\n${inChunks}`);
    socket.end();
    t.regex(await readToEnd(socket), /^HTTP\/1\.1 20\d /);
  }
});

const refusedByApp: readonly [title: string, bytes: string, status: number][] = [
  ['no Host', 'GET /things/1 HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['a target that is no URL', 'GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ['a star for a target', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
];

for (const [title, bytes, status] of refusedByApp) {
  test(`a request that only the application can refuse is answered with a problem: ${title}`, async (t) => {
    const { dial } = await startServer(t);
    const socket = await dial();
    socket.write(bytes);
    const text = await readToEnd(socket);
    t.true(text.startsWith(`HTTP/1.1 ${status} `), text);
    t.regex(text, /application\/problem\+json/);
  });
}

test('HTTP/1.0 without a Host is answered', async (t) => {
  const { dial } = await startServer(t);
  const socket = await dial();
  socket.write('GET /things/1 HTTP/1.0\r\n\r\n');
  t.regex(await readToEnd(socket), /^HTTP\/1\.1 200 /);
});

test('an expectation that nobody knows is no reason to refuse', async (t) => {
  const { dial } = await startServer(t);
  const socket = await dial();
  socket.write('GET /things/1 HTTP/1.1\r\nHost: x\r\nExpect: cake\r\nConnection: close\r\n\r\n');
  t.regex(await readToEnd(socket), /^HTTP\/1\.1 200 /);
});

test('headers beyond 16 KiB are refused', async (t) => {
  const { dial, ask } = await startServer(t);
  t.is((await ask('/things/1', { headers: { 'x-long': 'x'.repeat(15_000) } })).status, 200);
  const socket = await dial();
  socket.write(`GET /things/1 HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(17 * 1024)}\r\n\r\n`);
  endsInProblem(t, await readToEnd(socket), 'HEADERS_TOO_LARGE');
});

test('headers that trickle in are given up on', async (t) => {
  const { dial } = await startServer(t, { limits: { headersMs: 300, requestMs: 5_000, checkMs: 50 } });
  const socket = await dial();
  socket.write('GET /things/1 HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  const trickle = setInterval(() => socket.write('x'), 50);
  t.teardown(() => clearInterval(trickle));
  socket.on('error', () => {});
  endsInProblem(t, await readToEnd(socket), 'REQUEST_TIMEOUT');
});

test('a body that trickles in is given up on', async (t) => {
  const { dial } = await startServer(t, { limits: { headersMs: 300, requestMs: 500, checkMs: 50 } });
  const socket = await dial();
  socket.write(
    'POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  );
  endsInProblem(t, await readToEnd(socket), 'REQUEST_TIMEOUT');
});

test('a connection that says nothing is closed', async (t) => {
  const { dial } = await startServer(t, { limits: { headersMs: 300, requestMs: 500, checkMs: 50 } });
  const socket = await dial();
  endsInProblem(t, await readToEnd(socket), 'REQUEST_TIMEOUT');
});

test('a TLS handshake that does not come is given up on', async (t) => {
  const { port } = await startServer(t, { limits: { tlsHandshakeMs: 300 } });
  const socket = connectPlain(port, '127.0.0.1');
  await whenClosed(socket);
  t.is(socket.bytesRead, 0);
});

test('plain HTTP is cut off, and the server goes on', async (t) => {
  const { port, ask } = await startServer(t);
  const socket = connectPlain(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await whenClosed(socket);
  t.is((await ask('/things/1')).status, 200);
});

test('TLS before 1.2 is not spoken', async (t) => {
  const { port } = await startServer(t);
  const { connect } = await import('node:tls');
  const socket = connect({
    port,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  const [error] = await once(socket, 'error');
  t.regex(String(error.code), /^ERR_SSL|^ECONNRESET/);
});

test('a connection serves on after a refusal that left a body unread', async (t) => {
  const { dial } = await startServer(t);
  const socket = await dial();
  const big = 'x'.repeat(200_000);
  const requests = [
    `POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${big.length}\r\n\r\n${big}`,
    `POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`,
    `POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${big.length}\r\n\r\n${big}`,
    `POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${big.length}\r\n\r\n${big}`,
    `POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: ${big.length}\r\n\r\n${big}`,
  ];
  const statuses: string[] = [];
  for (const request of requests) {
    socket.write(request);
    const answer = await readUntil(socket, '"requestId"');
    statuses.push(answer.slice(9, 12));
  }
  t.deepEqual(statuses, ['413', '413', '415', '401', '404']);
  socket.write('GET /things/special HTTP/1.1\r\nHost: x\r\n\r\n');
  t.regex(await readUntil(socket, '"special"'), /^HTTP\/1\.1 200 /);
});

test('a client that sends a body without end gets its answer and is cut off', async (t) => {
  const { dial } = await startServer(t);
  const socket = await dial();
  socket.on('error', () => {});
  socket.write(
    'POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const flood = () => {
    while (socket.writable && socket.write(chunk)) {
      // As long as the socket takes more.
    }
  };
  socket.on('drain', flood);
  flood();
  const answer = await readUntil(socket, '"requestId"');
  t.regex(answer, /^HTTP\/1\.1 413 /);
  await whenClosed(socket);
  t.true(socket.bytesWritten > 1024 * 1024);
});

test('leave to send a body is given when it is wanted', async (t) => {
  const { dial } = await startServer(t);
  const socket = await dial();
  const headers = `Host: x\r\nContent-Type: application/json\r\nContent-Length: ${login.length}\r\nExpect: 100-continue`;
  socket.write(`POST /login HTTP/1.1\r\n${headers}\r\n\r\n`);
  t.is(await readUntil(socket, '\r\n\r\n'), 'HTTP/1.1 100 Continue\r\n\r\n');
  socket.write(login);
  t.regex(await readUntil(socket, 'secret'), /^HTTP\/1\.1 201 /);
});

test('leave to send a body is not given when the request is refused before it', async (t) => {
  const { dial } = await startServer(t);
  const socket = await dial();
  const headers =
    'Host: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\nExpect: 100-continue';
  socket.write(`POST /login HTTP/1.1\r\n${headers}\r\n\r\n`);
  const answer = await readToEnd(socket);
  t.regex(answer, /^HTTP\/1\.1 413 /);
  t.regex(answer, /\r\nConnection: close\r\n/);
});

test('a client that leaves in the middle of its body harms nobody', async (t) => {
  const { dial, ask, log } = await startServer(t);
  const half = async (socket: TLSSocket) => {
    socket.write(
      'POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"use',
    );
    await new Promise<void>((resolve) => socket.end(resolve));
  };
  for (let count = 0; count < 5; count += 1) {
    await half(await dial());
  }
  t.is((await ask('/things/1')).status, 200);
  t.false(log().some((line) => Number(line.level) >= 50));
});

test('pipelined requests are answered in their order', async (t) => {
  const { dial, gate } = await startServer(t);
  const socket = await dial();
  socket.write(
    'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\nGET /things/2 HTTP/1.1\r\nHost: x\r\n\r\n',
  );
  await gate.arrival();
  gate.open();
  const text = await readUntil(socket, '"id":"2"');
  t.true(text.indexOf('"slow":true') < text.indexOf('"id":"2"'));
});

test('a request gets its own answer although rubbish follows it on the connection', async (t) => {
  const { dial, gate } = await startServer(t);
  const socket = await dial();
  socket.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n\u0001rubbish\r\n\r\n');
  await gate.arrival();
  gate.open();
  const text = await readToEnd(socket);
  t.regex(text, /^HTTP\/1\.1 200 [\s\S]*\{"slow":true\}HTTP\/1\.1 400 /);
  endsInProblem(t, text, 'MALFORMED_REQUEST');
});

const connectElsewhere = 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n';

test('whoever takes this for a proxy is told that it is none, after what was asked before', async (t) => {
  const { dial, gate } = await startServer(t);
  const alone = await dial();
  alone.write(connectElsewhere);
  const told = await readToEnd(alone);
  t.regex(told, /^HTTP\/1\.1 405 [\s\S]*\r\nAllow:\r\n/);
  endsInProblem(t, told, 'METHOD_NOT_ALLOWED');
  const socket = await dial();
  socket.write(`POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n${connectElsewhere}`);
  await gate.arrival();
  gate.open();
  const text = await readToEnd(socket);
  t.regex(text, /^HTTP\/1\.1 200 [\s\S]*\{"slow":true\}HTTP\/1\.1 405 /);
  endsInProblem(t, text, 'METHOD_NOT_ALLOWED');
});

test('rubbish that comes in pieces is refused once', async (t) => {
  const { dial, gate, server } = await startServer(t);
  const socket = await dial();
  socket.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  await gate.arrival();
  for (let count = 0; count < 2; count += 1) {
    const complaint = once(server, 'clientError');
    socket.write('\u0001rubbish\r\n\r\n');
    await complaint;
  }
  gate.open();
  const text = await readToEnd(socket);
  t.is(text.split('HTTP/1.1 400 ').length, 2);
  endsInProblem(t, text, 'MALFORMED_REQUEST');
});

test('a client that leaves leaves nothing behind of what waits for its turn in a pipeline', async (t) => {
  const { dial, gate, server, log, ask } = await startServer(t);
  const socket = await dial();
  const slow = 'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';
  const drip = 'GET /drip HTTP/1.1\r\nHost: x\r\n\r\n';
  socket.write(slow + slow + drip);
  const signals = [await gate.arrival(), await gate.arrival(), await gate.arrival()];
  t.is(server.traffic.inFlight.size, 3);
  socket.destroy();
  const isDone = ({ msg }: { readonly msg?: unknown }) => msg === 'request';
  await until('three requests that are over', () => log().filter(isDone).length === 3);
  t.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true, true],
  );
  t.is(server.traffic.inFlight.size, 0);
  gate.open();
  t.is((await ask('/things/1')).status, 200);
});

test('a stream that is there only after its client has left is ended, whether or not its turn had come', async (t) => {
  const streams: Readable[] = [];
  const leaving = new EventEmitter();
  const late = defineRoute({
    method: 'GET',
    path: '/late',
    operationId: 'late',
    tag: 'things',
    summary: 'A stream that is there when the test says so',
    access: { who: 'anyone' },
    answers: { 200: { description: 'Drops.', mediaTypes: ['text/csv'] } },
    async handle() {
      const left = once(leaving, 'left');
      const content = new Readable({
        read() {
          this.push('drop\n'.repeat(10_000));
        },
      });
      streams.push(content);
      await left;
      return { status: 200, content, mediaType: 'text/csv' };
    },
  });
  const { dial, server } = await startServer(t, { routes: [late] });
  const socket = await dial();
  socket.write('GET /late HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3));
  await until('three handlers at work', () => streams.length === 3);
  socket.destroy();
  await until('no request in flight', () => server.traffic.inFlight.size === 0);
  leaving.emit('left');
  await until('streams that have ended', () => streams.every(({ destroyed }) => destroyed));
  t.deepEqual(
    streams.map(({ destroyed }) => destroyed),
    [true, true, true],
  );
});
