import { makePublicAddressJudge } from './public-address.js';
import type { ResolveHost } from './resolve-host.js';

/** Why a webhook may not or cannot reach where it points, as the end of a sentence that begins with the URL. */
export class ForbiddenTarget extends Error {
  override readonly name = 'ForbiddenTarget';
}

/** The policy of where webhooks may lead. */
export interface TargetPolicy {
  /** The addresses behind a URL, every one of which may be connected to. Throws ForbiddenTarget. */
  addressesOf(url: URL, signal?: AbortSignal): Promise<readonly string[]>;
}

/** Makes the policy: https on the public internet; with `allowsPrivate`, which is for the operator to say, everything. */
export function makeTargetPolicy(options: {
  readonly allowsPrivate: boolean;
  readonly resolveHost: ResolveHost;
}): TargetPolicy {
  const { allowsPrivate, resolveHost } = options;
  const isPublic = makePublicAddressJudge();
  return {
    async addressesOf(url, signal) {
      if (url.protocol !== 'https:' && !(allowsPrivate && url.protocol === 'http:')) {
        throw new ForbiddenTarget('must begin with https://');
      }
      const addresses = await resolveHost(url.hostname, signal);
      if (addresses.length === 0) {
        throw new ForbiddenTarget('names a host that cannot be found');
      }
      // All addresses must be public: one that is beside one that is not is how a name is made to pass once and to lead
      // inside later.
      if (!allowsPrivate && !addresses.every(isPublic)) {
        throw new ForbiddenTarget('leads to an address that is not on the public internet');
      }
      return addresses;
    },
  };
}
