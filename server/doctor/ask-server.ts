import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';

export interface ServerAnswer {
  readonly status: number;
  /** The reason where it takes no payments. */
  readonly detail: string | undefined;
  /** The certificate that it showed. */
  readonly shown: X509Certificate | undefined;
}

const deadlineMs = 5_000;

function detailOf(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { detail?: string }).detail;
  } catch {
    return undefined;
  }
}

/**
 * Asks a server on this machine whether it takes payments. Whatever certificate it shows is taken, and given: nothing secret is
 * sent, and whether the certificate is right is judged beside this. Rejects where there is no answer within some seconds.
 */
export async function askServer(url: string): Promise<ServerAnswer> {
  const asked = request(new URL('/readyz', url), {
    // A session that is resumed shows no certificate.
    agent: false,
    rejectUnauthorized: false,
    signal: AbortSignal.timeout(deadlineMs),
  }).end();
  const [reply] = (await once(asked, 'response')) as [IncomingMessage];
  const shown = (reply.socket as TLSSocket).getPeerX509Certificate();
  return { status: reply.statusCode ?? 0, detail: detailOf(await text(reply)), shown };
}
