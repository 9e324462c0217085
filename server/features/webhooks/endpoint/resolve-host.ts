import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** The addresses of a host as a URL has it, a name or an address; none where there is no such host. */
export type ResolveHost = (host: string, signal?: AbortSignal) => Promise<readonly string[]>;

const timeoutMs = 2_000;
const tries = 2;

const loopbackName = /^(?:.*\.)?localhost\.?$/;

/**
 * Looks a host up at the name servers. Not by the system's resolver: that one works in the few threads in which the database
 * works, too, and a name server that stalls, which anybody can put behind a name, would stall payments. Names of the hosts
 * file are therefore unknown; localhost is what RFC 6761 §6.3 makes it.
 */
export const resolveHost: ResolveHost = async (host, signal) => {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0) {
    return [bare];
  }
  if (loopbackName.test(bare)) {
    return ['127.0.0.1', '::1'];
  }
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  const cancel = () => resolver.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(bare), resolver.resolve6(bare)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
};
