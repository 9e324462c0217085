import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import test, { type ExecutionContext } from 'ava';
import type { Ledger } from '../../server/ledger/ledger.js';
import { type FromThread, packDecision, type ToThread, unpackAnswer } from '../../server/ledger/messages.js';
import { serveLedger } from '../../server/ledger/thread.js';
import { registration } from './support/callers.js';
import { openRealBooks } from './support/real-books.js';

interface FarEnd {
  readonly messages: readonly FromThread[];
  readonly closed: Promise<unknown>;
  tell(message: ToThread): void;
}

function farEndOf(port: MessagePort): FarEnd {
  const messages: FromThread[] = [];
  port.on('message', (message: FromThread) => messages.push(message));
  return { messages, closed: once(port, 'close'), tell: (message) => port.postMessage(message) };
}

async function serve(t: ExecutionContext, ledger: Ledger, close: () => Promise<void>): Promise<FarEnd> {
  const { port1, port2 } = new MessageChannel();
  t.teardown(() => port2.close());
  const farEnd = farEndOf(port2);
  await serveLedger({ port: port1, open: async () => ledger, close });
  return farEnd;
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, number) => packDecision(number, registration(`user${number}`)));

const answersOf = (messages: readonly FromThread[]) =>
  messages.flatMap((message) => ('answers' in message ? message.answers.map(unpackAnswer) : []));

test('every answer has left before the port closes, also where closing takes no time', async (t) => {
  const { ledger } = await openRealBooks(t);
  const farEnd = await serve(t, ledger, async () => {});
  farEnd.tell({ decide: numbered(30) });
  farEnd.tell({ close: true });
  await farEnd.closed;
  t.deepEqual(
    answersOf(farEnd.messages).map(({ number, outcome }) => [number, outcome.status]),
    numbered(30).map(([number]) => [number, 201]),
  );
});

test('the answers of a batch travel in one message', async (t) => {
  const { ledger } = await openRealBooks(t);
  const farEnd = await serve(t, ledger, async () => {});
  farEnd.tell({ decide: numbered(30) });
  farEnd.tell({ close: true });
  await farEnd.closed;
  t.is(farEnd.messages.filter((message) => 'answers' in message).length, 1);
});

test('a database that does not close is told, and the port closes all the same', async (t) => {
  const { ledger } = await openRealBooks(t);
  const farEnd = await serve(t, ledger, async () => {
    throw new Error('does not close');
  });
  farEnd.tell({ close: true });
  await farEnd.closed;
  t.deepEqual(farEnd.messages, [{ ready: true }, { failed: 'Error: does not close' }]);
});

test('books that do not open are told, and what was opened is closed', async (t) => {
  const { port1, port2 } = new MessageChannel();
  const farEnd = farEndOf(port2);
  let isClosed = false;
  await serveLedger({
    port: port1,
    open: async () => {
      throw new Error('no books');
    },
    close: async () => {
      isClosed = true;
    },
  });
  await farEnd.closed;
  t.true(isClosed);
  t.deepEqual(farEnd.messages, [{ failed: 'no books' }]);
});
