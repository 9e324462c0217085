import type { PaymentJson } from '../../server/payments/wire.js';
import { type JsonLook, jsonIndent, jsonLines } from '../render/json.js';
import type { HistoryWriter } from './history-writer.js';

/** One JSON array, byte for byte as if it were written at once. */
export function makeJsonArrayWriter(look: JsonLook): HistoryWriter {
  const indent = jsonIndent(look);
  const [before, after] = indent === undefined ? ['', ''] : ['\n  ', '\n'];
  let count = 0;

  function itemText(payment: PaymentJson): string {
    const item = jsonLines(look, [payment], indent).trimEnd().replaceAll('\n', before);
    count += 1;
    return `${count === 1 ? '' : ','}${before}${item}`;
  }

  return {
    begin: () => '[',
    payments: (some) => some.map(itemText).join(''),
    end: () => `${count === 0 ? '' : after}]\n`,
  };
}
