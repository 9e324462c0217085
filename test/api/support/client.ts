import { Agent, request } from 'undici';
import { type Contract, checkReply } from './contract.js';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what the test says next.
  readonly json: any;
}

export interface Asked {
  /** By default POST with a body and GET without. */
  readonly method?: string;
  readonly token?: string;
  /** The Idempotency-Key. */
  readonly key?: string;
  /** Sent as JSON with its content type. */
  readonly send?: unknown;
  /** Sent as it stands, with the content type of JSON where `headers` gives no other. */
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Connections of its own instead of the shared ones. */
  readonly agent?: Agent;
}

export type Ask = (path: string, asked?: Asked) => Promise<Reply>;

export interface Client {
  readonly url: string;
  readonly contract: Contract;
  /** Sends a request and sees that the answer is one that the published contract allows. */
  readonly ask: Ask;
  /** Connections that trust the server, for those who want some of their own; closed with the client. */
  newAgent(options?: Agent.Options): Agent;
  close(): Promise<void>;
}

export interface ClientOptions {
  readonly url: string;
  /** PEM */
  readonly ca: string;
  readonly contract: Contract;
}

function headersOf({ token, key, headers }: Asked, hasBody: boolean): Record<string, string> {
  return {
    ...(hasBody && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(key !== undefined && { 'idempotency-key': key }),
    ...headers,
  };
}

/** A client that trusts only the certificate that it is given. */
export function makeClient({ url, ca, contract }: ClientOptions): Client {
  const agents: Agent[] = [];
  const newAgent = (options: Agent.Options = {}) => {
    const agent = new Agent({ ...options, connect: { ca } });
    agents.push(agent);
    return agent;
  };
  const shared = newAgent({ connections: 64 });

  return {
    url,
    contract,
    newAgent,
    async ask(path, asked = {}) {
      const body = asked.send === undefined ? asked.body : JSON.stringify(asked.send);
      const method = asked.method ?? (body === undefined ? 'GET' : 'POST');
      const answer = await request(`${url}${path}`, {
        dispatcher: asked.agent ?? shared,
        method: method as 'GET',
        headers: headersOf(asked, body !== undefined),
        ...(body !== undefined && { body }),
      });
      const text = await answer.body.text();
      const isJson = /[/+]json/.test(String(answer.headers['content-type'])) && text !== '';
      const reply: Reply = {
        status: answer.statusCode,
        headers: answer.headers,
        text,
        json: isJson ? JSON.parse(text) : undefined,
      };
      checkReply(contract, { method, path }, reply);
      return reply;
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.close()));
    },
  };
}
