import { type JsonLook, jsonLines } from '../terminal/json.js';
import { tableForMachines } from '../terminal/table-for-machines.js';
import type { ListWriter } from './list-writer.js';

function eachByItself<Item>(items: (some: readonly Item[]) => string): ListWriter<Item> {
  return { begin: () => '', items, end: () => '' };
}

/** One JSON object a line; --jq sees one after the other. */
export function makeJsonLinesWriter(look: JsonLook): ListWriter<object> {
  return eachByItself((some) => jsonLines(look, some).text);
}

/** One row a line, its cells separated by tabs. */
export function makeTabsWriter<Item>(cells: (item: Item) => readonly string[]): ListWriter<Item> {
  return eachByItself((some) => tableForMachines(some.map(cells)).text);
}
