import { openWriter } from '../../db/connect.js';
import { storageProblem } from '../../db/open/inspect.js';
import { joinUse } from '../../db/open/join-use.js';
import { StorageFailure } from '../../db/transact.js';
import { machineMicros } from '../clock.js';
import { readRates, useRates } from '../features/conversion/rates-store.js';
import { openLedger } from '../ledger/commit/group-commit.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Outcome } from '../ledger/outcome.js';
import type { Decision } from '../ledger/rule.js';
import type { RateTable } from '../money/rate-table.js';
import type { Closing } from './closing.js';
import { rules } from './rules.js';

/** A server keeps the ends of its own chain in memory, so whoever writes beside it continues another. */
const besideChain = 2;

/** How often the write lock is waited for, five seconds each: a server under load gives it back for moments only. */
const mostTries = 12;

async function openPatiently(
  file: string,
  open: () => Promise<Ledger>,
  triesLeft = mostTries,
): Promise<Ledger> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof StorageFailure)) {
      throw error;
    }
    if (error.fault !== 'busy' || triesLeft <= 1) {
      throw storageProblem(file, error.cause);
    }
    return openPatiently(file, open, triesLeft - 1);
  }
}

/**
 * A ledger for a few decisions, beside a server that may run on the same database, and the rates in force there; new
 * books begin with those given. Throws DatabaseProblem when the
 * database cannot be written.
 */
export async function openTemporaryLedger(
  file: string,
  { askTime, rates }: { readonly askTime: () => Promise<number>; readonly rates: RateTable },
  closing: Closing,
): Promise<{ readonly rates: RateTable; decide(decision: Decision): Promise<Outcome> }> {
  const writer = openWriter(file);
  const use = await joinUse(writer, file).catch((error) => {
    throw storageProblem(file, error);
  });
  closing.add(() => use.leave());
  const ledger = await openPatiently(file, () =>
    openLedger({
      writer,
      rules,
      askTime,
      machineMicros,
      rates,
      chain: besideChain,
      onBroken: () => {},
    }),
  );
  return {
    rates: useRates(await readRates(writer)),
    async decide(decision) {
      let outcome = await ledger.decide(decision);
      for (let tries = 1; outcome.storageFault === 'busy' && tries < mostTries; tries += 1) {
        outcome = await ledger.decide(decision);
      }
      return outcome;
    },
  };
}
