import { connectTime, type TimeClient, type TimeServiceAddress } from '../../thrift/client.js';
import { startTimeThread, type TimeThread } from '../../thrift/thread.js';
import type { Settings } from '../settings.js';
import { readAuthority } from '../tls/read-authority.js';
import type { Closing } from './closing.js';
import { TimePortError } from './time-port-error.js';

/** The timestamp service that is asked: its own in a thread, or one elsewhere. */
export interface TimeSource {
  readonly address: TimeServiceAddress;
  readonly client: TimeClient;
  /** Resolves with the reason when the own service has ended. */
  readonly failed: Promise<string>;
}

/** Opens the timestamp service; `noteCall` is told of each call whether there was an answer. */
export async function openTime(
  settings: Settings,
  noteCall: (isAnswered: boolean) => void,
  closing: Closing,
): Promise<TimeSource> {
  let thread: TimeThread | undefined;
  if (settings.timeAddress === undefined) {
    thread = await startOwn(settings.timePort);
    closing.add(thread.close);
  }
  const address = thread ? { host: thread.host, port: thread.port } : await usualTimeAddress(settings);
  const client = connectTime(address);
  closing.add(() => client.close());
  return {
    address,
    client: noting(client, noteCall),
    failed: thread ? thread.failed.then((error) => error.message) : new Promise(() => {}),
  };
}

/**
 * The address of the timestamp service by the settings, and the certificates that it is known by where it is asked over TLS.
 * @throws CertificateError where the file of `--time-ca` holds no certificate.
 */
export async function usualTimeAddress(
  settings: Pick<Settings, 'timeAddress' | 'timePort' | 'timeCaPath'>,
): Promise<TimeServiceAddress> {
  const { timeAddress = { host: '127.0.0.1', port: settings.timePort }, timeCaPath } = settings;
  return timeCaPath === undefined
    ? timeAddress
    : { ...timeAddress, ca: await readAuthority(timeCaPath, '--time-ca (PAY_TIME_CA)') };
}

async function startOwn(port: number): Promise<TimeThread> {
  try {
    return await startTimeThread({ host: '127.0.0.1', port });
  } catch (error) {
    throw new TimePortError(port, error);
  }
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

export interface Waiting {
  isStopping(): boolean;
  /** Is told why there is no answer yet, at first and whenever that has changed. */
  tell(reason: string): void;
}

/** Asks until the timestamp service answers; where it does not before the server stops, this does not resolve. */
export async function waitForTime(client: TimeClient, { isStopping, tell }: Waiting): Promise<void> {
  let told = '';
  while (!isStopping()) {
    try {
      await client.currentTimeMicros();
      return;
    } catch (error) {
      const { message } = error as Error;
      if (message !== told && !isStopping()) {
        told = message;
        tell(message);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  return new Promise(() => {});
}
