import { type JsonLook, jsonIndent, jsonLines } from '../terminal/json.js';
import type { ListWriter } from './list-writer.js';

/** One JSON array, byte for byte as if it were written at once. */
export function makeJsonArrayWriter(look: JsonLook): ListWriter<object> {
  const indent = jsonIndent(look);
  const [before, after] = indent === undefined ? ['', ''] : ['\n  ', '\n'];
  let count = 0;

  function itemText(item: object): string {
    const text = jsonLines(look, [item], indent).text.trimEnd().replaceAll('\n', before);
    count += 1;
    return `${count === 1 ? '' : ','}${before}${text}`;
  }

  return {
    begin: () => '[',
    items: (some) => some.map(itemText).join(''),
    end: () => `${count === 0 ? '' : after}]\n`,
  };
}
