import { connectTime, type TimeServiceAddress } from '../../thrift/client.js';
import { startTimeThread } from '../../thrift/thread.js';
import type { Settings } from '../settings.js';
import type { Closing } from './closing.js';
import { usualTimeAddress } from './time-source.js';

export interface TemporaryTime {
  /** Asks the timestamp service, in microseconds since 1970. */
  readonly askTime: () => Promise<number>;
  /** The service that should have answered and did not, so that one was started for the moment instead. */
  readonly missed: string | undefined;
}

function clientOf(address: TimeServiceAddress, closing: Closing) {
  const client = connectTime(address);
  closing.add(() => client.close());
  return () => client.currentTimeMicros();
}

/** The timestamp service for a command that is done in a moment: the one that the server asks, else one of its own. */
export async function openTemporaryTime(settings: Settings, closing: Closing): Promise<TemporaryTime> {
  const usual = await usualTimeAddress(settings);
  if (usual.port !== 0) {
    const askTime = clientOf(usual, closing);
    const answers = await askTime().then(
      () => true,
      () => false,
    );
    if (answers) {
      return { askTime, missed: undefined };
    }
  }
  const thread = await startTimeThread({ host: '127.0.0.1', port: 0 });
  closing.add(thread.close);
  const missed = usual.port === 0 ? undefined : `${usual.host}:${usual.port}`;
  const { host, port } = thread;
  return { askTime: clientOf({ host, port }, closing), missed };
}
