import type { RateTable } from '../../money/rate-table.js';
import { type Converter, quoteAt } from './converter.js';

/** The one source of rates, for payments and for whoever only asks. */
export interface Exchange {
  /** The currencies and rates in force, as the ledger goes by them. */
  readonly inForce: RateTable;
  /** The rates that are to be shown. Throws CONVERSION_UNAVAILABLE where another service has the rates and none were had yet. */
  shown(): Promise<RateTable>;
  /** Converts at the source. */
  readonly convert: Converter;
  /** The converter of another service, to be asked before the ledger decides; undefined where the rates in force count. */
  readonly remote: Converter | undefined;
}

/** The rates in force in this thread: told of new ones, and asked for them. */
export interface RateBoard {
  inForce: RateTable;
}

/** The exchange at the operator's own rates. */
export function makeExchange(board: RateBoard): Exchange {
  return {
    get inForce() {
      return board.inForce;
    },
    shown: async () => board.inForce,
    convert: async (request) => quoteAt(board.inForce, request),
    remote: undefined,
  };
}
