import type { PaymentJson } from '../../server/payments/wire.js';
import { type JsonLook, jsonLines } from '../render/json.js';
import { paymentCells } from '../render/payment.js';
import { tableForMachines } from '../render/table-for-machines.js';
import type { HistoryWriter } from './history-writer.js';

function eachByItself(payments: (some: readonly PaymentJson[]) => string): HistoryWriter {
  return { begin: () => '', payments, end: () => '' };
}

/** One JSON object a line; --jq sees one after the other. */
export function makeJsonLinesWriter(look: JsonLook): HistoryWriter {
  return eachByItself((some) => jsonLines(look, some));
}

/** One row a line, its cells separated by tabs. */
export function makeTabsWriter(): HistoryWriter {
  return eachByItself((some) => tableForMachines(some.map(paymentCells)));
}
