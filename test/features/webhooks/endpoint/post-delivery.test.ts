import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import {
  type AttemptResult,
  makePostAndRead,
  makePostDelivery,
  type OutgoingDelivery,
  type PostOptions,
} from '../../../../server/features/webhooks/endpoint/post-delivery.js';
import { resolveHost } from '../../../../server/features/webhooks/endpoint/resolve-host.js';
import { makeTargetPolicy } from '../../../../server/features/webhooks/endpoint/target-policy.js';
import { makeCertificate } from '../../../http/support/certificate.js';
import { isSigned } from '../support/own-hmac.js';
import { never, startReceiver, withStatus } from '../support/receiver.js';

const anywhere = makeTargetPolicy({ allowsPrivate: true, resolveHost });
const seconds = 1_795_456_800;

const deliveryTo = (url: string): OutgoingDelivery => ({
  id: 'dlv_1',
  eventId: 'evt_1',
  url,
  secret: 'whsec_secret',
  body: '{"id":"evt_1","memo":"Żółć"}',
});

function send(
  url: string,
  options: Partial<PostOptions> = {},
  signal = new AbortController().signal,
): Promise<AttemptResult> {
  const post = makePostDelivery({
    targets: anywhere,
    userAgent: 'pay/1.2.3',
    now: () => seconds * 1_000_000 + 999_999,
    deadlineMs: 10_000,
    ...options,
  });
  return post(deliveryTo(url), signal);
}

test('a delivery is a signed POST over https', async (t) => {
  const tls = await makeCertificate();
  const receiver = await startReceiver(t, { tls });
  const result = await send(`https://localhost:${receiver.port}/hooks/pay?shop=1`, { ca: tls.cert });
  t.deepEqual(result, { status: 200, error: null });
  const { method, path, headers, body } = await receiver.next();
  t.is(method, 'POST');
  t.is(path, '/hooks/pay?shop=1');
  t.is(body, deliveryTo('').body);
  t.is(headers['content-type'], 'application/json');
  t.is(headers['user-agent'], 'pay/1.2.3');
  t.is(headers['pay-event-id'], 'evt_1');
  t.is(headers['pay-delivery-id'], 'dlv_1');
  t.is(headers.host, `localhost:${receiver.port}`);
  const signature = String(headers['pay-signature']);
  t.true(signature.startsWith(`t=${seconds},v1=`));
  t.true(isSigned(signature, 'whsec_secret', body));
});

test('a certificate that nobody vouches for ends an attempt before anything is sent', async (t) => {
  const receiver = await startReceiver(t, { tls: await makeCertificate() });
  const { status, error } = await send(`https://localhost:${receiver.port}/`);
  t.is(status, null);
  t.regex(String(error), /^has a certificate that is not trusted \([A-Z_]+\)$/);
  t.is(receiver.count(), 0);
});

test('every status of 2xx is a success and no other', async (t) => {
  const receiver = await startReceiver(t);
  const url = `http://127.0.0.1:${receiver.port}/`;
  for (const status of [200, 201, 202, 204, 299]) {
    receiver.answer(withStatus(status));
    t.deepEqual(await send(url), { status, error: null });
  }
  for (const status of [300, 304, 400, 401, 404, 410, 429, 500, 503, 999]) {
    receiver.answer(withStatus(status));
    t.deepEqual(await send(url), { status, error: `answered with status ${status}` });
  }
});

test('a redirect is a failure and is not followed', async (t) => {
  const elsewhere = await startReceiver(t);
  for (const status of [301, 302, 303, 307, 308]) {
    const receiver = await startReceiver(t, {
      answer: (response) =>
        response.writeHead(status, { location: `http://127.0.0.1:${elsewhere.port}/` }).end(),
    });
    t.is((await send(`http://127.0.0.1:${receiver.port}/`)).status, status);
  }
  t.is(elsewhere.count(), 0);
});

test('an endpoint that does not answer in time has failed', async (t) => {
  const receiver = await startReceiver(t, { answer: never });
  const result = await send(`http://127.0.0.1:${receiver.port}/`, { deadlineMs: 200 });
  t.deepEqual(result, { status: null, error: 'did not answer within 0.2 seconds' });
});

test('an endpoint that accepts connections and says nothing has failed', async (t) => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => silent.close());
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  for (const scheme of ['http', 'https']) {
    const { status, error } = await send(`${scheme}://127.0.0.1:${port}/`, { deadlineMs: 200 });
    t.is(status, null);
    t.regex(String(error), /in time|within 0\.2 seconds/);
  }
});

test('an answer that never ends is a success that ends early', async (t) => {
  let written = 0;
  const closed: Promise<unknown>[] = [];
  const receiver = await startReceiver(t, {
    answer(response) {
      closed.push(once(response, 'close'));
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) {
          written += 64 * 1024;
        }
      };
      response.on('drain', more);
      more();
    },
  });
  t.deepEqual(await send(`http://127.0.0.1:${receiver.port}/`), { status: 200, error: null });
  await Promise.all(closed);
  t.true(written < 32 * 1024 * 1024, `${written} bytes were taken`);
});

test('of an answer the first 16 KiB are read', async (t) => {
  const receiver = await startReceiver(t, { answer: (response) => response.end('x'.repeat(64 * 1024)) });
  const post = makePostAndRead({
    targets: anywhere,
    userAgent: 'pay/1.2.3',
    now: () => seconds * 1_000_000,
    deadlineMs: 10_000,
  });
  const url = `http://127.0.0.1:${receiver.port}/`;
  const { status, text } = await post(deliveryTo(url), new AbortController().signal);
  t.is(status, 200);
  t.is(text.length, 16 * 1024);
});

/** A server that says something at once, and something else for ever after; gives its port and how many bytes it got rid of. */
async function startTalker(t: ExecutionContext, beginning: string, more: string) {
  let written = 0;
  const talker = createServer((socket) => {
    const goOn = () => {
      while (!socket.destroyed && socket.write(more)) {
        written += more.length;
      }
    };
    socket.on('error', () => {}).on('drain', goOn);
    socket.resume().write(beginning);
    goOn();
  }).listen(0, '127.0.0.1');
  await once(talker, 'listening');
  t.teardown(() => talker.close());
  const address = talker.address();
  return { port: typeof address === 'object' ? address?.port : undefined, written: () => written };
}

test('an endpoint that sends word without end that it will answer has failed long before the deadline', async (t) => {
  const talker = await startTalker(t, '', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1_000));
  t.deepEqual(await send(`http://127.0.0.1:${talker.port}/`), {
    status: null,
    error: 'sent more than an answer may hold',
  });
  t.true(talker.written() < 32 * 1024 * 1024, `${talker.written()} bytes were taken`);
});

test('an answer whose chunks are described without end is one that ends early, long before the deadline', async (t) => {
  const beginning = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;';
  const talker = await startTalker(t, beginning, 'x'.repeat(64 * 1024));
  t.deepEqual(await send(`http://127.0.0.1:${talker.port}/`), { status: 200, error: null });
  t.true(talker.written() < 32 * 1024 * 1024, `${talker.written()} bytes were taken`);
});

test('an endpoint that hangs up, or is not there, has failed with a reason', async (t) => {
  const receiver = await startReceiver(t, { answer: (response) => response.destroy() });
  const url = `http://127.0.0.1:${receiver.port}/`;
  t.deepEqual(await send(url), { status: null, error: 'closed the connection without an answer' });
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const address = gone.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  gone.close();
  await once(gone, 'close');
  t.deepEqual(await send(`http://127.0.0.1:${port}/`), { status: null, error: 'refuses connections' });
});

test('what is no HTTP is a failure in words of ours', async (t) => {
  const rude = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')).listen(0, '127.0.0.1');
  await once(rude, 'listening');
  t.teardown(() => rude.close());
  const address = rude.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { status, error } = await send(`http://127.0.0.1:${port}/`);
  t.is(status, null);
  t.regex(String(error), /^could not be talked to/);
  t.notRegex(String(error), /SSH/);
});

test('an attempt connects to what was looked up and judged, not to what a name leads to later', async (t) => {
  const receiver = await startReceiver(t);
  const lookUps: string[] = [];
  const targets = makeTargetPolicy({
    allowsPrivate: true,
    async resolveHost(host) {
      lookUps.push(host);
      return ['127.0.0.1'];
    },
  });
  const url = `http://hooks.example.invalid:${receiver.port}/`;
  t.deepEqual(await send(url, { targets }), { status: 200, error: null });
  t.is((await receiver.next()).headers.host, `hooks.example.invalid:${receiver.port}`);
  t.deepEqual(lookUps, ['hooks.example.invalid']);
});

/** A name that leads somewhere else whenever it is looked up. */
function rebinding(...answers: readonly string[][]) {
  let turn = 0;
  return async () => {
    const answer = answers[Math.min(turn, answers.length - 1)] ?? [];
    turn += 1;
    return answer;
  };
}

test('a name that was public when it was registered and leads inside later is not connected to', async (t: ExecutionContext) => {
  const tls = await makeCertificate();
  const receiver = await startReceiver(t, { tls });
  const targets = makeTargetPolicy({
    allowsPrivate: false,
    resolveHost: rebinding(['93.184.215.14'], ['127.0.0.1'], ['93.184.215.14', '127.0.0.1']),
  });
  const url = `https://localhost.example.org:${receiver.port}/`;
  t.deepEqual(await targets.addressesOf(new URL(url)), ['93.184.215.14']);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    t.deepEqual(await send(url, { targets, ca: tls.cert }), {
      status: null,
      error: 'leads to an address that is not on the public internet',
    });
  }
  t.is(receiver.count(), 0);
});

test('addresses inside and plain http are refused at every attempt, too', async (t) => {
  const receiver = await startReceiver(t);
  const targets = makeTargetPolicy({ allowsPrivate: false, resolveHost });
  const inside = await send(`https://127.0.0.1:${receiver.port}/`, { targets });
  t.is(inside.error, 'leads to an address that is not on the public internet');
  const plain = await send(`http://8.8.8.8:${receiver.port}/`, { targets });
  t.is(plain.error, 'must begin with https://');
  t.is(receiver.count(), 0);
});

test('what is asked to stop stops at once', async (t) => {
  const receiver = await startReceiver(t, { answer: never });
  const controller = new AbortController();
  const sending = send(`http://127.0.0.1:${receiver.port}/`, {}, controller.signal);
  await receiver.next();
  const began = performance.now();
  controller.abort();
  t.not((await sending).error, null);
  t.true(performance.now() - began < 5_000);
  t.not((await send(`http://127.0.0.1:${receiver.port}/`, {}, controller.signal)).error, null);
  t.is(receiver.count(), 1);
});

test('what is still connecting stops at once as well, and its connection is gone', async (t) => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => silent.close());
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const controller = new AbortController();
  const connected: Promise<Socket[]> = once(silent, 'connection');
  const sending = send(`https://127.0.0.1:${port}/`, {}, controller.signal);
  const [socket] = await connected;
  const closed = once(socket?.resume() ?? silent, 'close');
  const began = performance.now();
  controller.abort();
  t.not((await sending).error, null);
  await closed;
  t.true(performance.now() - began < 5_000);
});
