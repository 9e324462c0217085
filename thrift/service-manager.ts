import { execFile } from 'node:child_process';

/** systemd, where it has started this process and waits for word of it (sd_notify(3)); elsewhere nothing is told. */
export interface ServiceManager {
  /** Tells that the service takes work now. From here on the watchdog is told, as often as it wants, while `isAlive` resolves. */
  ready(isAlive: () => Promise<unknown>): void;
  /** Tells that the service is about to end. */
  stopping(): void;
}

/** Tells assignments such as READY=1 to whoever listens. */
export type Tell = (...assignments: readonly string[]) => void;

interface Parts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly tell: Tell;
}

const patienceMs = 10_000;

/**
 * Node has no datagram sockets of Unix, which systemd listens on, and systemd has a program that speaks to them.
 * @param complain is told once where that cannot be run
 */
export function makeTell(complain: (problem: string) => void): Tell {
  let isTold = false;
  return (...assignments) => {
    execFile('systemd-notify', assignments, { timeout: patienceMs }, (error) => {
      if (error !== null && !isTold) {
        isTold = true;
        complain(`systemd cannot be told of ${assignments[0]}: ${error.message.trim()}`);
      }
    });
  };
}

/** How often the watchdog is told: twice in the time after which it takes the process for dead; undefined where there is none. */
function watchdogIntervalMs(microseconds: string | undefined): number | undefined {
  const text = microseconds ?? '';
  return /^[1-9]\d{3,14}$/.test(text) ? Number(text) / 2_000 : undefined;
}

export function makeServiceManager({ environment, tell }: Parts): ServiceManager {
  const isListening = Boolean(environment.NOTIFY_SOCKET);
  const intervalMs = watchdogIntervalMs(environment.WATCHDOG_USEC);
  let timer: NodeJS.Timeout | undefined;

  function watch(isAlive: () => Promise<unknown>, everyMs: number): void {
    let isAsking = false;
    const look = async () => {
      if (isAsking) {
        // A service that does not answer is asked no second time, and systemd hears nothing until it does.
        return;
      }
      isAsking = true;
      await isAlive().then(
        () => timer !== undefined && tell('WATCHDOG=1'),
        () => {},
      );
      isAsking = false;
    };
    timer = setInterval(() => void look(), everyMs).unref();
  }

  return {
    ready(isAlive) {
      if (!isListening) {
        return;
      }
      tell('READY=1');
      if (intervalMs !== undefined) {
        watch(isAlive, intervalMs);
      }
    },
    stopping() {
      clearInterval(timer);
      timer = undefined;
      if (isListening) {
        tell('STOPPING=1');
      }
    },
  };
}
