const blocks = '▁▂▃▄▅▆▇█';
const asciiBlocks = '_.-=+*#@';

/** A line with one block for each value, lowest to highest; values that are all the same are a level line in the middle. */
export function blockLine(values: readonly number[], isAscii: boolean): string {
  const heights = isAscii ? asciiBlocks : blocks;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values
    .map((value) => (most === least ? 0.5 : (value - least) / (most - least)))
    .map((share) => heights[Math.round(share * (heights.length - 1))] ?? '')
    .join('');
}
