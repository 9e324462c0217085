/** The flow of a time: what came in and what went out, in any unit, neither negative. */
export interface Flow {
  readonly incoming: number;
  readonly outgoing: number;
}

/** The blocks that fill a part of a cell, from an eighth of it to all. */
const eighths = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/** A bar to the right, as long as this share of the width; what is not nothing is seen. */
function incomingBar(share: number, width: number, isAscii: boolean): string {
  if (share === 0) {
    return '';
  }
  if (isAscii) {
    return '+'.repeat(Math.max(1, Math.round(share * width)));
  }
  const parts = Math.max(1, Math.round(share * width * 8));
  const rest = parts % 8;
  return '█'.repeat(Math.floor(parts / 8)) + (rest === 0 ? '' : eighths[rest - 1]);
}

function outgoingBar(share: number, width: number, isAscii: boolean): string {
  const cells = share === 0 ? 0 : Math.max(1, Math.round(share * width));
  return (isAscii ? '-' : '░').repeat(cells).padStart(width);
}

/**
 * A bar for each flow, all to the same scale and at most so many cells wide: to the left of the line in the middle, and lighter,
 * what went out, to the right what came in.
 */
export function twoWayBars(flows: readonly Flow[], width: number, isAscii: boolean): readonly string[] {
  const half = Math.max(1, Math.floor((width - 1) / 2));
  const most = Math.max(...flows.flatMap(({ incoming, outgoing }) => [incoming, outgoing])) || 1;
  return flows.map(
    ({ incoming, outgoing }) =>
      outgoingBar(outgoing / most, half, isAscii) +
      (isAscii ? '|' : '│') +
      incomingBar(incoming / most, half, isAscii),
  );
}
