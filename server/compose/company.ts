import type { Logger } from 'pino';
import type { Place } from '../../db/postgres/writers/place.js';
import type { EventHub } from '../features/events/hub.js';

/** The servers that use the same books beside this one. */
export interface Company {
  /** Whether there are none, so that all that changes is heard of before it is answered. */
  readonly isAlone: boolean;
  /** Resolves when the others know of this one, and ask the database whose token it is that they are shown. */
  joined(): Promise<void>;
}

/** Keeps in mind what notices say of other servers, from the first one on. Books that only one can use need no place. */
export function keepCompany(
  place: Place | undefined,
  { hub, logger }: { readonly hub: EventHub; readonly logger: Logger },
): Company {
  let count: number | undefined;
  hub.onNotice(({ others }) => {
    if (others && place) {
      if (others.count !== (count ?? 0)) {
        logger.info({ others: others.count }, 'other servers on the same books have come or gone');
      }
      count = others.count;
      place.noteHeard(others.newest);
    }
  });
  return {
    get isAlone() {
      return place === undefined || count === 0;
    },
    async joined() {
      if (place && !(await place.waitUntilHeard())) {
        logger.warn('another server on the same books does not answer; this one begins without it');
      }
    },
  };
}
