import { makePublicAddressJudge } from './public-address.js';
import type { ResolveHost } from './resolve-host.js';

/** Why a webhook may not or cannot reach where it points, as the end of a sentence that begins with the URL. */
export class OutOfReach extends Error {
  override readonly name = 'OutOfReach';
}

/** Where webhooks may reach. */
export interface Reach {
  /** The addresses behind a URL, every one of which may be connected to. Throws OutOfReach. */
  addressesOf(url: URL, signal?: AbortSignal): Promise<readonly string[]>;
}

/** Https on the public internet; with `allowsPrivate`, which is for the operator to say, everything. */
export function makeReach(options: {
  readonly allowsPrivate: boolean;
  readonly resolveHost: ResolveHost;
}): Reach {
  const { allowsPrivate, resolveHost } = options;
  const isPublic = makePublicAddressJudge();
  return {
    async addressesOf(url, signal) {
      if (url.protocol !== 'https:' && !(allowsPrivate && url.protocol === 'http:')) {
        throw new OutOfReach('must begin with https://');
      }
      const addresses = await resolveHost(url.hostname, signal);
      if (addresses.length === 0) {
        throw new OutOfReach('names a host that cannot be found');
      }
      // One that is public beside one that is not is how a name is made to pass once and to lead inside later.
      if (!allowsPrivate && !addresses.every(isPublic)) {
        throw new OutOfReach('leads to an address that is not on the public internet');
      }
      return addresses;
    },
  };
}
