import { Refusal } from '../../errors.js';
import { makeHolds } from '../../http/serve/holds.js';
import { networkOf } from '../../network.js';
import type { ShareTable } from '../../rate-figures.js';

/** How many streams of a user, and how many of a network, there may be at once. */
export type StreamShares = Pick<ShareTable, 'streams' | 'streamsOfNetwork'>;

const tooManyInAll = 'The server has as many streams open as it can serve.';

/** The streams of this process. */
export interface OpenStreams {
  /**
   * Counts a stream in, and gives the way to count it out; `end` is called when the server stops. Throws RATE_LIMITED for one
   * too many of this user or from this address's network, OVERLOADED for one too many of all or when the server stops.
   */
  admit(reader: { readonly userId: number; readonly address: string }, end: () => void): () => void;
  /** How many there are. */
  readonly open: number;
  /** Ends every stream and admits no more. */
  endAll(): void;
}

export function makeOpenStreams({ streams, streamsOfNetwork }: StreamShares): OpenStreams {
  const ofUsers = makeHolds(streams, {
    ofOne: `You have ${streams.ofOne} streams open, as many as one user may. Close one of them first.`,
    inAll: tooManyInAll,
  });
  const ofNetworks = makeHolds(streamsOfNetwork, {
    ofOne: `From your network ${streamsOfNetwork.ofOne} streams are open, as many as may be. Close one of them first.`,
    inAll: tooManyInAll,
  });
  const endings = new Set<() => void>();
  let isStopping = false;

  return {
    get open() {
      return ofUsers.held;
    },
    admit({ userId, address }, end) {
      if (isStopping) {
        throw new Refusal('OVERLOADED', 'The server is about to stop. Connect again in a moment.', {
          retryAfterSeconds: 2,
        });
      }
      const leaveNetwork = ofNetworks.hold(networkOf(address));
      try {
        const leave = ofUsers.hold(userId);
        endings.add(end);
        return () => {
          endings.delete(end);
          leave();
          leaveNetwork();
        };
      } catch (refusal) {
        leaveNetwork();
        throw refusal;
      }
    },
    endAll() {
      isStopping = true;
      for (const end of [...endings]) {
        end();
      }
    },
  };
}
