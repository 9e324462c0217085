import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ExecutionContext } from 'ava';
import { inTime } from '../../support/until.js';
import { signedByAuthority } from './authority.js';

export const caddyfile = join(import.meta.dirname, '../../../../deploy/caddy/Caddyfile');

/** Caddy in front of a server, with a certificate of an authority of its own. */
export interface Caddy {
  readonly url: string;
  /** The authority's certificate, as PEM and as a file. */
  readonly ca: string;
  readonly caFile: string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts Caddy with the Caddyfile of `deploy` before a server on this machine; gone at the end of the test. */
export async function startCaddy(
  t: ExecutionContext,
  server: { readonly url: string; readonly dataDir: string },
): Promise<Caddy> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-caddy-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const { cert, key, ca } = await signedByAuthority();
  const [certFile, keyFile, caFile] = ['site.crt', 'site.key', 'ca.crt'].map((name) => join(folder, name));
  await Promise.all([
    writeFile(`${certFile}`, cert),
    writeFile(`${keyFile}`, key),
    writeFile(`${caFile}`, ca),
  ]);
  const site = `localhost:${await freePort()}`;
  const child = spawn('caddy', ['run', '--config', caddyfile, '--adapter', 'caddyfile'], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PAY_CADDY_ADMIN: 'off',
      PAY_SITE: site,
      PAY_SITE_TLS: `tls ${certFile} ${keyFile}\nbind 127.0.0.1`,
      PAY_PORT: new URL(server.url).port,
      PAY_CERT: join(server.dataDir, 'tls.crt'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  t.teardown(async () => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', killNow);
  });
  await inTime('Caddy that serves', servesAfter(child.stderr));
  return { url: `https://${site}`, ca, caFile: `${caFile}` };
}

/** Resolves once Caddy's log says so, and goes on reading it; rejects with what it said where it ends before. */
function servesAfter(log: NodeJS.ReadableStream): Promise<void> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    createInterface({ input: log })
      .on('line', (line) => {
        said.push(line);
        if (line.includes('"serving initial configuration"')) {
          resolve();
        }
      })
      .on('close', () => reject(new Error(said.join('\n'))));
  });
}
