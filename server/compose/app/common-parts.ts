import { machineMicros } from '../../clock.js';
import { makeDiskUse } from '../../features/about/free-disk.js';
import { makePasswordHasher } from '../../features/credentials/password-hash.js';
import { makeGuessGuard } from '../../features/guesses/guess-guard.js';
import { makeLists } from '../../features/lists/lists.js';
import { lookAtCodes } from '../../features/second-factor/look-at-codes.js';
import { makeRefusalCounter } from '../../features/statistics/count-refusals.js';
import { makeCursors } from '../../http/answer/cursor.js';
import type { Opened } from './opened.js';

export type CommonParts = ReturnType<typeof makeCommonParts>;

/** Makes what several features of a server need, or a feature and what serves it. */
export function makeCommonParts(opened: Opened) {
  const { settings, certificate, readers, listReaders, sealer } = opened;
  const { shares, rates } = settings.rateLimits;
  const guard = makeGuessGuard({ readers, machineMicros, figures: rates });
  return {
    guard,
    refusals: makeRefusalCounter(machineMicros()),
    /** The ledger as features know it, which look at the codes of second factors on the way. */
    ledger: lookAtCodes(opened.ledger, {
      ...{ readers, guard, sealer, machineMicros },
      adminsNeedFactor: settings.adminSecondFactor === 'required',
    }),
    hasher: makePasswordHasher(shares),
    lists: makeLists({ readers: listReaders, cursors: makeCursors(certificate.key), shares }),
    diskUse: makeDiskUse(opened.beside),
  };
}
