import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { request } from 'undici';
import { makeClient } from '../api/support/client.js';
import { readContract } from '../api/support/contract.js';
import { isRefused } from '../api/support/refusal.js';
import { type Person, password, stranger } from '../cli/support/person.js';
import { runPay } from '../cli/support/run-pay.js';
import { startWatching } from '../cli/support/watcher.js';
import { startReceiver } from '../features/webhooks/support/receiver.js';
import { needsProgram, testWith } from '../support/needs.js';
import { type PayServerProcess, startPayServer } from '../support/server-process.js';
import { type Caddy, caddyfile, startCaddy } from './support/caddy.js';

const testCaddy = testWith(needsProgram('caddy'));

/** So many log-ins are free for each address. */
const logins = 3;

async function started(t: ExecutionContext): Promise<{ server: PayServerProcess; caddy: Caddy }> {
  const server = await startPayServer({
    environment: {
      PAY_TRUSTED_PROXIES: '127.0.0.1',
      PAY_RATE_LIMITS: `login=${logins}/600`,
      PAY_WEBHOOKS_PRIVATE: 'true',
    },
  });
  t.teardown(() => server.stop());
  return { server, caddy: await startCaddy(t, server) };
}

/** Registers with the command line, which knows the authority and so has no fingerprint to ask about. */
async function register(caddy: Caddy, username: string): Promise<Person> {
  const person = await stranger({ PAY_SERVER: caddy.url, PAY_CA: caddy.caFile });
  const words = ['register', '--username', username, '--email', `${username}@example.org`];
  const { status, stderr } = await runPay(
    [...words, '--currency', 'GBP', '--password-stdin'],
    person.environment,
    `${password}\n`,
  );
  if (status !== 0) {
    throw new Error(`registering ${username} ended with ${status}: ${stderr}`);
  }
  return person;
}

testCaddy('the Caddyfile is written as Caddy writes them', async (t) => {
  const { stdout } = await execa('caddy', ['fmt', caddyfile], { stripFinalNewline: false });
  t.is(stdout, await readFile(caddyfile, 'utf8'));
});

testCaddy('through Caddy people pay, see it as it happens, and endpoints are told', async (t) => {
  const { caddy } = await started(t);
  const [alice, bob] = await Promise.all([register(caddy, 'alice'), register(caddy, 'bob')]);
  const receiver = await startReceiver(t);
  const hook = ['webhooks', 'add', `http://127.0.0.1:${receiver.port}/hook`, '--types', 'payment.received'];
  await bob.json(...hook);
  const watcher = await startWatching(bob);
  const payment = (await alice.json('send', 'bob', '12.50', '--yes')) as { readonly id: string };
  // The stream is still open, so that nothing between held this back until its end.
  const [seen] = await watcher.sees(1);
  t.is(seen?.data.id, payment.id);
  t.is(JSON.parse((await receiver.next()).body).data.id, payment.id);
  await watcher.interrupt();
  t.like(await bob.json('balance'), { amount: '1012.50' });
});

testCaddy(
  'limits are those of the address that Caddy saw, whatever the client says, and nobody sees the metrics',
  async (t) => {
    const { server, caddy } = await started(t);
    const { url, ca } = caddy;
    const client = makeClient({ url, ca, contract: await readContract(url, ca) });
    t.teardown(() => client.close());
    const [one, other] = ['127.0.0.2', '127.0.0.3'].map((localAddress) => client.newAgent({ localAddress }));
    const logIn = (agent: typeof one, claimed: string) =>
      client.ask('/v1/sessions', {
        send: { username: 'nobody', password },
        headers: { 'x-forwarded-for': claimed },
        ...(agent && { agent }),
      });
    for (let count = 0; count < logins; count += 1) {
      isRefused(t, await logIn(one, `192.0.2.${count}`), 'INVALID_CREDENTIALS');
    }
    isRefused(t, await logIn(one, '192.0.2.99'), 'RATE_LIMITED');
    isRefused(t, await logIn(other, '127.0.0.2'), 'INVALID_CREDENTIALS');
    // Past the proxy, what somebody who is none says of others does not count either.
    const directly = makeClient({
      url: server.url,
      ca: await readFile(join(server.dataDir, 'tls.crt'), 'utf8'),
      contract: client.contract,
    });
    t.teardown(() => directly.close());
    const refused = await directly.ask('/v1/sessions', {
      send: { username: 'nobody', password },
      headers: { 'x-forwarded-for': '192.0.2.100' },
      agent: directly.newAgent({ localAddress: '127.0.0.2' }),
    });
    isRefused(t, refused, 'RATE_LIMITED');
    // Whatever Caddy lets through, the server would show: this machine asks.
    for (const path of ['/metrics', '/metrics/', '/%6detrics', '//metrics', '/METRICS']) {
      const { statusCode, body } = await request(`${url}${path}`, { dispatcher: client.newAgent() });
      t.is(statusCode, 404, path);
      t.notRegex(await body.text(), /# TYPE/);
    }
    t.is((await client.ask('/readyz')).status, 200);
  },
);
