/** The parts of a log's keeper. */
export interface LogParts {
  /** How many pages the log holds; one where it holds nothing but its mark. */
  countFrames(): Promise<number>;
  /** How many pages more the disk has room for. */
  countFreePages(): Promise<number>;
  /** Copies what the log holds into the database, as far as that is possible now. */
  checkpoint(): Promise<void>;
}

export interface LogKeeper {
  /** Says that something was committed, so that the log is looked at soon. Costs nothing where it is so already. */
  noteCommit(): void;
  /** Looks no more; resolves when the look under way has ended. */
  stop(): Promise<void>;
}

/**
 * The length of a log, in pages, from which on it is long: 128 MB. The pages that many payments touch are copied once for all of them,
 * so that a longer log costs less; a start after a kill reads as much of it in a fraction of a second.
 */
export const longLogFrames = 32_000;
/** A log of fewer pages is not long on any disk: one that is nearly full would have it copied at every look. */
export const leastLongFrames = 1_000;
const shortestPauseMs = 250;
/** Commits of other programs are told by nobody, and found after this time at the latest. */
const longestPauseMs = 30_000;
const idleAfterMs = 1_000;

/**
 * How long a log may grow on a disk with so much room: no longer than what it holds would find room for twice in the database, for it
 * grows while it is copied. One that has taken all the room there is can neither be copied nor begun anew, and takes what room is made,
 * too.
 */
const mostFrames = (freePages: number) =>
  Math.max(leastLongFrames, Math.min(longLogFrames, Math.floor(freePages / 2)));

/**
 * Copies the log when nothing was written to it for a second, or when it has grown long. While nothing changes, it is looked
 * at ever more seldom: a server that has nothing to do must not use up what it runs on.
 */
export function keepLogShort({ countFrames, countFreePages, checkpoint }: LogParts): LogKeeper {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let isStopped = false;
  /** Whether the last look failed: where there was no room, the next commit that succeeds tells that there is some again. */
  let hasFailed = false;
  /** Whether something was committed since the look under way began. */
  let isNoted = false;
  let pauseMs = shortestPauseMs;
  let last = { frames: 0, changedAtMs: performance.now() };

  async function look(): Promise<void> {
    const frames = await countFrames();
    const nowMs = performance.now();
    if (frames === last.frames) {
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    } else {
      pauseMs = shortestPauseMs;
      last = { frames, changedAtMs: nowMs };
    }
    const isIdle = frames > 1 && nowMs - last.changedAtMs >= idleAfterMs;
    if (isIdle || frames >= mostFrames(await countFreePages())) {
      await checkpoint();
    }
  }

  function schedule(inMs = pauseMs): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isNoted = false;
      // A log that cannot be copied now is copied later; whether payments can be saved is found out by those.
      looking = look()
        .then(
          () => {
            hasFailed = false;
          },
          () => {
            hasFailed = true;
          },
        )
        .finally(() => {
          looking = undefined;
          if (!isStopped) {
            schedule(hasFailed && isNoted ? 0 : pauseMs);
          }
        });
    }, inMs);
    timer.unref();
  }
  schedule();

  return {
    noteCommit() {
      isNoted = true;
      if (pauseMs > shortestPauseMs && !isStopped) {
        pauseMs = shortestPauseMs;
        // A look under way schedules the next one itself.
        if (!looking) {
          schedule(hasFailed ? 0 : pauseMs);
        }
      }
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
