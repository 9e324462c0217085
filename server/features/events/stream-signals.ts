/** The signals that a stream waits for. What comes while it is busy is kept: any number of one kind as one. */
export interface StreamSignals {
  /** Tells that there may be new events. */
  tellOfEvents(): void;
  tellHeartbeatIsDue(): void;
  end(): void;
  readonly isOver: boolean;
  /** Whether a heartbeat is due, which is then taken as given. */
  takeHeartbeat(): boolean;
  /** Resolves when something was told since this resolved last. */
  next(): Promise<void>;
}

export function makeStreamSignals(): StreamSignals {
  let isOver = false;
  let isHeartbeatDue = false;
  let hasNews = false;
  let wake: (() => void) | undefined;

  function tell(): void {
    hasNews = true;
    wake?.();
  }

  return {
    tellOfEvents: tell,
    tellHeartbeatIsDue() {
      isHeartbeatDue = true;
      tell();
    },
    end() {
      isOver = true;
      tell();
    },
    get isOver() {
      return isOver;
    },
    takeHeartbeat() {
      const wasDue = isHeartbeatDue;
      isHeartbeatDue = false;
      return wasDue;
    },
    async next() {
      if (!hasNews) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      hasNews = false;
    },
  };
}
