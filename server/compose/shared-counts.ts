import { isPostgres } from '../../db/postgres/place.js';
import { openChannel } from '../../db/postgres/writers/channel.js';
import type { EventHub } from '../features/events/hub.js';
import type { ShareCounts } from '../http/serve/rate-limiter.js';
import type { Settings } from '../settings.js';
import type { Closing } from './closing.js';
import { messagesOf, type Taken, takenIn } from './taken-points.js';

const channelName = 'pay_taken';
/** What is told is gathered for so long. */
const gatherMs = 100;
/** Callers of whom something is gathered at a time: of more, each server counts by itself until the next message. */
const mostGathered = 10_000;

/**
 * Has the servers on one database tell each other what callers take of what limits them, so that whoever spreads requests over
 * several servers may do no more than on one. Undefined on SQLite, which one server has for itself.
 */
export function openSharedCounts(
  { databasePath, rateLimits }: Settings,
  hub: EventHub,
  closing: Closing,
): ShareCounts | undefined {
  if (!isPostgres(databasePath) || rateLimits.rates === undefined) {
    return undefined;
  }
  const counts = new Map<string, (caller: string, points: number) => void>();
  const gathered = new Map<string, Taken>();
  let others = 0;
  let next: NodeJS.Timeout | undefined;
  hub.onNotice((notice) => {
    others = notice.others ?? others;
  });
  const channel = openChannel(databasePath, channelName, {
    onTold(text, isOwn) {
      for (const [of, caller, points] of isOwn ? [] : takenIn(text)) {
        counts.get(of)?.(caller, points);
      }
    },
  });
  closing.add(() => {
    clearTimeout(next);
    return channel.stop();
  });

  async function tellAll(): Promise<void> {
    const messages = messagesOf(gathered.values());
    gathered.clear();
    for (const message of messages) {
      await channel.tell(message);
    }
    next = undefined;
    if (gathered.size > 0) {
      tellSoon();
    }
  }

  function tellSoon(): void {
    next ??= setTimeout(() => void tellAll(), gatherMs);
    next.unref();
  }

  return (of) => ({
    tell(caller, points) {
      const name = `${of} ${caller}`;
      if (others > 0 && (gathered.has(name) || gathered.size < mostGathered)) {
        gathered.set(name, [of, caller, (gathered.get(name)?.[2] ?? 0) + points]);
        tellSoon();
      }
    },
    onTold: (count) => void counts.set(of, count),
  });
}
