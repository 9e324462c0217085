import assert from 'node:assert';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { SourceMap, type SourceMapping } from 'node:module';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { WebSocket } from 'undici';
import { makeClient } from '../faults/support/client.js';
import { makeFolder, startServer } from '../faults/support/server.js';

const bundles = join(import.meta.dirname, '../../bundle');

interface Place {
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Where this text of a source file is in a bundle, as a debugger finds it: by the map that lies beside it. */
async function inBundle(bundle: string, file: string, text: string): Promise<Place> {
  const payload = JSON.parse(await readFile(join(bundles, `${bundle}.map`), 'utf8'));
  const source = payload.sources.findIndex((path: string) => path.endsWith(`/${file}`));
  const line = payload.sourcesContent[source].split('\n').findIndex((one: string) => one.includes(text));
  assert(line >= 0, `${file} has no ${text}`);
  const map = new SourceMap(payload);
  const lines = (await readFile(join(bundles, bundle), 'utf8')).split('\n');
  for (const [lineNumber, code] of lines.entries()) {
    const columnNumber = code.search(/\S/);
    const entry = columnNumber < 0 ? {} : map.findEntry(lineNumber, columnNumber);
    const { originalSource, originalLine } = entry as Partial<SourceMapping>;
    if (originalSource === payload.sources[source] && originalLine === line) {
      return { lineNumber, columnNumber };
    }
  }
  throw new Error(`${bundle} has nothing of line ${line + 1} of ${file}`);
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the protocol's own, which a test looks into.
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: likewise.
  readonly result?: any;
}

/** What a debugger does with one thread. */
interface Session {
  ask(method: string, params?: object): Promise<Message>;
  /** The next message of this kind, from now on. */
  next(method: string): Promise<Message>;
  take(message: Message): void;
}

function makeSession(send: (text: string) => void): Session {
  const answers = new Map<number, (message: Message) => void>();
  const awaited = new Map<string, (message: Message) => void>();
  return {
    ask(method, params = {}) {
      const id = answers.size + 1;
      send(JSON.stringify({ id, method, params }));
      return new Promise((resolve) => answers.set(id, resolve));
    },
    next: (method) => new Promise((resolve) => awaited.set(method, resolve)),
    take(message) {
      if (message.id === undefined) {
        awaited.get(message.method ?? '')?.(message);
      } else {
        answers.get(message.id)?.(message);
      }
    },
  };
}

/** Attaches to the program and to the thread that runs this file. */
async function attach(t: ExecutionContext, url: string, threadFile: string) {
  const socket = new WebSocket(url);
  t.teardown(() => socket.close());
  await once(socket, 'open');
  const program = makeSession((text) => socket.send(text));
  const threads = new Map<string, Session>();
  const attached = new Promise<Session>((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      const message: Message = JSON.parse(String(data));
      const { sessionId, workerInfo, message: fromThread } = message.params ?? {};
      if (message.method === 'NodeWorker.attachedToWorker') {
        const thread = makeSession((text) => {
          void program.ask('NodeWorker.sendMessageToWorker', { sessionId, message: text });
        });
        threads.set(sessionId, thread);
        if (workerInfo.url.endsWith(threadFile)) {
          resolve(thread);
        }
      } else if (message.method === 'NodeWorker.receivedMessageFromWorker') {
        threads.get(sessionId)?.take(JSON.parse(fromThread));
      } else {
        program.take(message);
      }
    });
  });
  await program.ask('Debugger.enable');
  await program.ask('NodeWorker.enable', { waitForDebuggerOnStart: false });
  const thread = await attached;
  await thread.ask('Debugger.enable');
  return { program, thread };
}

async function breakAt(session: Session, bundle: string, place: Place): Promise<void> {
  const urlRegex = `/${bundle.replaceAll('.', '\\.')}$`;
  const { result } = await session.ask('Debugger.setBreakpointByUrl', { urlRegex, ...place });
  assert(result.locations.length === 1, JSON.stringify(result));
}

for (const { who, bundle, file, text, name } of [
  {
    who: 'the HTTP thread',
    bundle: 'pay-server.cjs',
    file: 'request-id.ts',
    text: 'return typeof header',
    name: 'requestIdOf',
  },
  {
    who: 'the thread of the ledger',
    bundle: 'ledger-thread.cjs',
    file: 'decide-batch.ts',
    text: 'outcomes.push(decideOne(',
    name: 'decideBatch',
  },
]) {
  test(`a breakpoint in a TypeScript file stops ${who}, and lets it go on`, async (t) => {
    const server = await startServer(t, await makeFolder(t), { nodeFlags: ['--inspect=0'] });
    const url = /ws:\S+/.exec(server.stderr())?.[0] ?? assert.fail(server.stderr());
    const { program, thread } = await attach(t, url, 'ledger-thread.js');
    const session = bundle === 'ledger-thread.cjs' ? thread : program;
    await breakAt(session, bundle, await inBundle(bundle, file, text));
    const client = await makeClient(t, server);
    const paused = session.next('Debugger.paused');
    const alice = client.register('alice');
    const { params } = await paused;
    t.is(params.callFrames[0].functionName, name);
    await session.ask('Debugger.disable');
    t.truthy((await alice).token);
  });
}
