import { type Dispatcher, request } from 'undici';
import { inTime } from '../../../support/until.js';

/** One block of a stream, its fields as they came (WHATWG HTML §9.2.5). */
export interface Block {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  readonly retry?: string;
  readonly comments: readonly string[];
}

export interface StreamEvent {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what the test says next.
  readonly data: any;
}

export interface EventReader {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What to send as Last-Event-ID when this connection is lost. */
  lastId(): string | undefined;
  /** The next block, comments included; undefined at a clean end. Throws where the connection was cut. */
  nextBlock(): Promise<Block | undefined>;
  /** The next event; undefined at a clean end. Throws where the connection was cut. */
  nextEvent(): Promise<StreamEvent | undefined>;
  /** What a refusal says. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what the test says next.
  problem(): Promise<any>;
  /** Drops the connection. */
  close(): void;
}

export interface ReaderOptions {
  readonly url: string;
  readonly dispatcher: Dispatcher;
  readonly token: string;
  readonly lastEventId?: string | undefined;
  readonly method?: 'GET' | 'HEAD';
}

function blockOf(text: string): Block {
  const fields: Record<string, string> = {};
  const comments: string[] = [];
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === '') {
      comments.push(value);
    } else if (name in fields) {
      throw new Error(`A block says ${name} twice: ${text}`);
    } else {
      fields[name] = value;
    }
  }
  return { ...fields, comments };
}

async function* blocksOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Block, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const texts = rest.split('\n\n');
    rest = texts.pop() ?? '';
    yield* texts.map(blockOf);
  }
  if (rest !== '') {
    throw new Error(`The stream ended within a block: ${rest}`);
  }
  return undefined;
}

/** Connects to the stream of whoever has the token, as a browser's EventSource does. */
export async function openReader(options: ReaderOptions): Promise<EventReader> {
  const { url, dispatcher, token, lastEventId, method = 'GET' } = options;
  const answer = await request(`${url}/v1/events`, {
    dispatcher,
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
  });
  // Whoever drops the connection does not care what becomes of it.
  answer.body.on('error', () => {});
  const blocks = blocksOf(answer.body);
  let lastId: string | undefined;

  async function nextBlock(): Promise<Block | undefined> {
    const { value } = await inTime('a block of the stream, or its end', blocks.next());
    lastId = value?.id ?? lastId;
    return value;
  }

  return {
    status: answer.statusCode,
    headers: answer.headers,
    lastId: () => lastId,
    nextBlock,
    async nextEvent() {
      for (;;) {
        const block = await nextBlock();
        if (block === undefined) {
          return undefined;
        }
        if (block.data !== undefined) {
          const event = JSON.parse(block.data);
          if (event.id !== block.id || event.type !== block.event) {
            throw new Error(`The fields of a block and its data differ: ${JSON.stringify(block)}`);
          }
          return event;
        }
      }
    },
    problem: () => answer.body.json(),
    close: () => void answer.body.destroy(),
  };
}
