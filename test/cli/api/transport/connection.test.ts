import { once } from 'node:events';
import { createServer } from 'node:net';
import { bare, nothingSent, open, overBoth, textOf } from './support/both-transports.js';
import { answer, type Behaviour } from './support/nasty-server.js';

const echo: Behaviour = (socket, number) => socket.write(answer(String(number)));
const silent: Behaviour = () => undefined;

overBoth('the connection is kept for the next request', echo, async (t, { server, get, post }) => {
  t.is(await textOf(await get()), '1');
  t.is(await textOf(await post()), '2');
  t.is(server.connections(), 1);
});

overBoth('requests side by side are all answered', echo, async (t, { get }) => {
  const answers = await Promise.all([get(), get(), get(), get()].map(async (one) => textOf(await one)));
  t.is(answers.length, 4);
});

overBoth(
  'a kept connection that was closed meanwhile is made anew',
  (socket, number) => {
    socket.write(answer(String(number)));
    setTimeout(() => socket.end(), 20);
  },
  async (t, { server, get, post }) => {
    t.is(await textOf(await get()), '1');
    // It is over here when it is over there, too.
    await server.left();
    t.is(await textOf(await post()), '1');
    t.is(server.connections(), 2);
  },
);

overBoth(
  'a kept connection that ends with the next request leaves it open what happened',
  (socket, number) => {
    if (number === 1) {
      socket.write(answer('1'));
    } else {
      socket.destroy();
    }
  },
  async (t, { server, get, post }) => {
    t.is(await textOf(await get()), '1');
    await open(t, post());
    t.is(server.connections(), 1);
    t.is(await textOf(await get()), '1');
  },
);

overBoth(
  'a server that says that it closes is taken at its word',
  (socket) => {
    socket.end(answer('last', ['connection: close']));
  },
  async (t, { server, get }) => {
    t.is(await textOf(await get()), 'last');
    t.is(await textOf(await get()), 'last');
    t.is(server.connections(), 2);
  },
);

overBoth(
  'what is interrupted before it begins sends nothing',
  echo,
  async (t, { server, controller, post }) => {
    controller.abort();
    await nothingSent(t, post());
    t.is(server.received(), '');
  },
);

overBoth('what is interrupted while it connects sends nothing', silent, async (t, { reach, controller }) => {
  const deaf = createServer((socket) => socket.on('error', () => undefined));
  deaf.listen(0, '127.0.0.1');
  await once(deaf, 'listening');
  t.teardown(() => deaf.close());
  const { port } = deaf.address() as { port: number };
  const { signal } = controller;
  const transport = reach(`https://127.0.0.1:${port}`, bare);
  const sending = transport.send({
    method: 'POST',
    path: '/',
    headers: {},
    body: '{}',
    timeoutMs: 5_000,
    signal,
  });
  deaf.once('connection', () => controller.abort());
  await nothingSent(t, sending);
});

overBoth('what is interrupted after it was sent is open', silent, async (t, { server, controller, post }) => {
  server.behave(() => controller.abort());
  await open(t, post());
});

overBoth(
  'what is interrupted while its answer is read is an error there',
  (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello'),
  async (t, { controller, get }) => {
    const { pieces } = await get();
    setTimeout(() => controller.abort(), 50);
    await open(
      t,
      (async () => {
        for await (const piece of pieces) {
          t.is(piece, 'hello');
        }
      })(),
    );
  },
);

overBoth('closing ends what waits for an answer', silent, async (t, { server, transport, post }) => {
  server.behave(() => void transport.close());
  await open(t, post());
  await server.left();
});

overBoth('closing leaves no connection behind', echo, async (t, { server, transport, get }) => {
  t.is(await textOf(await get()), '1');
  await transport.close();
  await server.left();
  t.pass();
});
