import type { Logger } from 'pino';
import type { Place } from '../../db/postgres/writers/place.js';
import type { EventHub } from '../features/events/hub.js';

/**
 * Lets the servers that use the same books beside this one know what it has heard of them. Books that only one can use need no
 * place.
 */
export function keepCompany(
  place: Place | undefined,
  { hub, logger }: { readonly hub: EventHub; readonly logger: Logger },
): void {
  hub.onNotice(({ others, heardTo }) => {
    if (others !== undefined) {
      logger.info({ others }, 'other servers on the same books have come or gone');
    }
    if (place && heardTo !== undefined) {
      // The commits are noted once all who are told of this notice have forgotten what it says, which is when this turn is
      // over.
      queueMicrotask(() => place.noteHeard(heardTo));
    }
  });
}
