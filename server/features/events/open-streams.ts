import { Refusal } from '../../errors.js';

/** How many streams there may be at once. */
export interface StreamLimits {
  readonly ofUser: number;
  readonly ofProcess: number;
}

export const streamLimits: StreamLimits = { ofUser: 20, ofProcess: 1_000 };

/** The streams of this process. */
export interface OpenStreams {
  /**
   * Counts a stream in, and gives the way to count it out; `end` is called when the server stops.
   * Throws RATE_LIMITED for one too many of this user, OVERLOADED for one too many of all or when the server stops.
   */
  admit(userId: number, end: () => void): () => void;
  /** How many there are. */
  readonly open: number;
  /** Ends every stream and admits no more. */
  endAll(): void;
}

export function makeOpenStreams(limits: StreamLimits = streamLimits): OpenStreams {
  const endings = new Map<number, Set<() => void>>();
  let open = 0;
  let isStopping = false;

  function refuseBeyond(ofUser: number): void {
    if (isStopping) {
      throw new Refusal('OVERLOADED', 'The server is about to stop. Connect again in a moment.', {
        retryAfterSeconds: 2,
      });
    }
    if (ofUser >= limits.ofUser) {
      throw new Refusal(
        'RATE_LIMITED',
        `You have ${limits.ofUser} streams open, as many as one user may. Close one of them first.`,
        { retryAfterSeconds: 15 },
      );
    }
    if (open >= limits.ofProcess) {
      throw new Refusal('OVERLOADED', 'The server has as many streams open as it can serve.', {
        retryAfterSeconds: 15,
      });
    }
  }

  return {
    get open() {
      return open;
    },
    admit(userId, end) {
      const ofUser = endings.get(userId) ?? new Set();
      refuseBeyond(ofUser.size);
      endings.set(userId, ofUser.add(end));
      open += 1;
      return () => {
        if (ofUser.delete(end)) {
          open -= 1;
        }
        if (ofUser.size === 0 && endings.get(userId) === ofUser) {
          endings.delete(userId);
        }
      };
    },
    endAll() {
      isStopping = true;
      for (const end of [...endings.values()].flatMap((ofUser) => [...ofUser])) {
        end();
      }
    },
  };
}
