import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An endpoint that answers the challenge of a webhook, and nothing else well. Gives its address; ends with the process. */
export async function startEchoEndpoint(): Promise<string> {
  const server = createServer(async (request, response) => {
    const { type, challenge } = JSON.parse(await text(request));
    response.writeHead(type === 'webhook.challenge' ? 200 : 500).end(challenge);
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
