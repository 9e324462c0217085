import type { BlockList, Socket } from 'node:net';
import { isTrusted, networkOf, plainAddress } from '../../network.js';
import type { Share } from '../../rate-figures.js';

/**
 * Counts the connections of each network, and closes at once what comes beyond its share: before TLS there is no way to say why.
 * A trusted proxy speaks for many, and is not counted.
 */
export function makeConnectionShare(
  { ofOne, inAll }: Share,
  proxies: BlockList | undefined,
): (socket: Socket) => boolean {
  const byNetwork = new Map<string, number>();
  let all = 0;

  function leave(network: string): void {
    all -= 1;
    const left = (byNetwork.get(network) ?? 0) - 1;
    if (left > 0) {
      byNetwork.set(network, left);
    } else {
      byNetwork.delete(network);
    }
  }

  return (socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    const network = networkOf(address);
    const before = byNetwork.get(network) ?? 0;
    const isProxy = proxies !== undefined && isTrusted(proxies, address);
    if (all >= inAll || (before >= ofOne && !isProxy)) {
      socket.destroy();
      return false;
    }
    all += 1;
    byNetwork.set(network, before + 1);
    socket.once('close', () => leave(network));
    return true;
  };
}
