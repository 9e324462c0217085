import { asItStands, type Shown } from './text/shown.js';
import { visible } from './text/visible.js';

/** The rows for a pipe: tab-separated, whole, no header; hidden characters, tabs among them, are made visible. */
export function tableForMachines(rows: readonly (readonly string[])[]): Shown {
  return asItStands(rows.map((cells) => `${cells.map(visible).join('\t')}\n`).join(''));
}
