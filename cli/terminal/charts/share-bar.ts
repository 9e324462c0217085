/** The blocks that fill a part of a cell, from an eighth of it to all but one. */
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * A bar of so many cells, filled as far as this share of a whole says: what is not nothing is seen, and full is only what is
 * whole. The rest of it is lighter.
 */
export function shareBar(share: number, width: number, isAscii: boolean): string {
  const steps = isAscii ? 1 : 8;
  const most = width * steps;
  const bounded = Math.min(1, Math.max(0, share));
  const exact = Math.round(bounded * most);
  const filled = bounded === 0 || bounded === 1 ? exact : Math.min(most - 1, Math.max(1, exact));
  if (isAscii) {
    return '#'.repeat(filled).padEnd(width, '.');
  }
  return ('█'.repeat(Math.floor(filled / steps)) + eighths[filled % steps]).padEnd(width, '░');
}
