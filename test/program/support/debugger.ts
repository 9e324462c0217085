import assert from 'node:assert';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'undici';

/** A message of the inspector's protocol, as far as it is looked at here. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

type Params = Readonly<Record<string, unknown>>;

/** One end of the inspector's protocol: that of a process, or of one of its threads. */
class Session {
  readonly #send: (text: string) => void;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #listeners: ((message: Message) => void)[] = [];
  #newest = 0;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  take(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.id !== undefined) {
      this.#answers.get(message.id)?.(message);
    }
    for (const listener of this.#listeners) {
      listener(message);
    }
  }

  onEvent(method: string, listener: (params: Params) => void): void {
    this.#listeners.push((message) => {
      if (message.method === method) {
        listener(message.params ?? {});
      }
    });
  }

  async call(method: string, params: Params = {}): Promise<Params> {
    this.#newest += 1;
    const id = this.#newest;
    const answered = new Promise<Message>((resolve) => this.#answers.set(id, resolve));
    this.#send(JSON.stringify({ id, method, params }));
    const { error, result = {} } = await answered;
    assert(error === undefined, `${method}: ${error?.message}`);
    return result;
  }
}

/** A place in what runs, counted from nought. */
interface Place {
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** A debugger at one thread of a server that was started with --inspect, as an editor is. */
export interface Debugger {
  /** Sets a breakpoint where this text stands in a TypeScript file, found by the source map that the script names. */
  breakAt(source: string, text: string): Promise<void>;
  /** Resolves with the line of the TypeScript file where it has stopped, counted from one. */
  stoppedAt(source: string): Promise<number>;
  resume(): Promise<void>;
  close(): void;
}

const endOf = (url: string) => url.split('/').at(-1) ?? '';

async function connect(inspector: string): Promise<{ readonly main: Session; close(): void }> {
  const socket = new WebSocket(inspector);
  await once(socket, 'open');
  const main = new Session((text) => socket.send(text));
  socket.addEventListener('message', ({ data }) => main.take(String(data)));
  return { main, close: () => socket.close() };
}

/** Attaches to the main thread, whose bundle has this name. `inspector` is the address that Node writes to stderr. */
export async function attachToMain(inspector: string, name: string): Promise<Debugger> {
  const { main, close } = await connect(inspector);
  return debuggerOf(main, name, close);
}

/** Attaches to the thread whose script and bundle have this name. */
export async function attachToThread(inspector: string, name: string): Promise<Debugger> {
  const { main, close } = await connect(inspector);
  const thread = await new Promise<Session>((resolve, reject) => {
    main.onEvent('NodeWorker.attachedToWorker', ({ sessionId, workerInfo }) => {
      const { url } = workerInfo as { readonly url: string };
      if (endOf(url) === `${name}.js`) {
        resolve(
          new Session(
            (message) =>
              void main.call('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(reject),
          ),
        );
      }
    });
    main.call('NodeWorker.enable', { waitForDebuggerOnStart: false }).catch(reject);
  });
  main.onEvent('NodeWorker.receivedMessageFromWorker', ({ message }) => thread.take(String(message)));
  return debuggerOf(thread, name, close);
}

async function debuggerOf(thread: Session, name: string, close: () => void): Promise<Debugger> {
  const script = new Promise<{ readonly id: string; readonly url: string; readonly sourceMapURL: string }>(
    (resolve) => {
      thread.onEvent('Debugger.scriptParsed', ({ scriptId, url, sourceMapURL }) => {
        // The program that starts a bundle has its name, too, and no map.
        if (endOf(String(url)) === `${name}.cjs` && sourceMapURL) {
          resolve({ id: String(scriptId), url: String(url), sourceMapURL: String(sourceMapURL) });
        }
      });
    },
  );
  const paused = new Promise<Place>((resolve) => {
    thread.onEvent('Debugger.paused', ({ callFrames }) => {
      const [frame] = callFrames as readonly { readonly location: Place }[];
      assert(frame);
      resolve(frame.location);
    });
  });
  await thread.call('Debugger.enable');
  const { id, url, sourceMapURL } = await script;
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const map = new SourceMap(JSON.parse(await readFile(join(dirname(path), sourceMapURL), 'utf8')));

  const originOf = ({ lineNumber, columnNumber }: Place) => {
    const entry = map.findEntry(lineNumber, columnNumber);
    assert('originalSource' in entry);
    return entry;
  };

  return {
    async breakAt(source, text) {
      const { scriptSource } = await thread.call('Debugger.getScriptSource', { scriptId: id });
      const lines = String(scriptSource).split('\n');
      const place = lines
        .map((line, lineNumber) => ({ lineNumber, columnNumber: line.indexOf(text) }))
        .find((one) => one.columnNumber >= 0 && originOf(one).originalSource.endsWith(source));
      assert(place, `${source} has no ${text} in the script`);
      await thread.call('Debugger.setBreakpointByUrl', { url, ...place });
    },
    async stoppedAt(source) {
      const origin = originOf(await paused);
      assert(origin.originalSource.endsWith(source), origin.originalSource);
      return origin.originalLine + 1;
    },
    resume: async () => void (await thread.call('Debugger.resume')),
    close,
  };
}
