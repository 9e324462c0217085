import { connectTime, type TimeClient } from '../../thrift/client.js';
import { startTimeThread, type TimeThread } from '../../thrift/thread.js';
import type { Settings } from '../settings.js';
import type { Closing } from './closing.js';

/** The timestamp service that is asked: its own in a thread, or one elsewhere. */
export interface TimeSource {
  readonly address: { readonly host: string; readonly port: number };
  readonly client: TimeClient;
  /** Resolves with the reason when the own service has ended. */
  readonly failed: Promise<string>;
}

/** `noteCall` is told of each call whether there was an answer. */
export async function openTime(
  settings: Settings,
  noteCall: (isAnswered: boolean) => void,
  closing: Closing,
): Promise<TimeSource> {
  let thread: TimeThread | undefined;
  if (settings.timeAddress === undefined) {
    thread = await startTimeThread({ host: '127.0.0.1', port: settings.timePort });
    closing.add(thread.close);
  }
  const address = thread ?? settings.timeAddress ?? { host: '127.0.0.1', port: settings.timePort };
  const client = connectTime({ host: address.host, port: address.port });
  closing.add(() => client.close());
  return {
    address: { host: address.host, port: address.port },
    client: noting(client, noteCall),
    failed: thread ? thread.failed.then((error) => error.message) : new Promise(() => {}),
  };
}

function noting(client: TimeClient, noteCall: (isAnswered: boolean) => void): TimeClient {
  const noted = async <Time>(call: Promise<Time>): Promise<Time> => {
    const time = await call.catch((error: unknown) => {
      noteCall(false);
      throw error;
    });
    noteCall(true);
    return time;
  };
  return {
    currentTimeMicros: () => noted(client.currentTimeMicros()),
    currentTimestamp: () => noted(client.currentTimestamp()),
    close: () => client.close(),
  };
}

/** Asks until the timestamp service answers. */
export async function waitForTime(client: TimeClient, isStopping: () => boolean): Promise<void> {
  while (!isStopping()) {
    try {
      await client.currentTimeMicros();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
