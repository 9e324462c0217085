import assert from 'node:assert';
import asciichart from 'asciichart';

/** The characters of a chart: the axis twice, two that are not used, a level, four corners, an upright. */
const symbols = {
  drawn: ['┤', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
  ascii: ['|', '|', '-', '-', '-', "'", '.', '.', "'", '|'],
};

export interface ChartSpace {
  /** Cells from left to right. */
  readonly width: number;
  /** Lines of the chart. */
  readonly height: number;
  readonly isAscii: boolean;
  /** How a value is written beside the axis. */
  readonly labelOf: (value: number) => string;
  /** How wide text is, in cells. */
  readonly widthOf: (text: string) => number;
}

/** So many values in place of those that there are, each as it stands: the last of its stretch, or the same for several cells. */
export const fitted = (values: readonly number[], cells: number): readonly number[] =>
  Array.from({ length: cells }, (_, cell) => {
    const value = values[Math.ceil(((cell + 1) * values.length) / cells) - 1];
    assert(value !== undefined, 'there is a value for each cell');
    return value;
  });

/** A line over time with labelled steps to its left, no wider than the space; without values there is nothing. */
export function lineChart(values: readonly number[], space: ChartSpace): readonly string[] {
  const { width, height, isAscii, labelOf, widthOf } = space;
  if (values.length === 0) {
    return [];
  }
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // Drawn in lines and cells, so that no rounding of the library is one of money.
  const lines = most === least ? 0 : height - 1;
  const valueAt = (line: number) => (lines === 0 ? most : most - Math.round(((most - least) * line) / lines));
  const labels = Array.from({ length: lines + 1 }, (_, line) => labelOf(valueAt(line)));
  const labelWidth = Math.max(...labels.map(widthOf));
  // The library draws from the axis on, a cell less than there are values.
  const cells = Math.max(2, width - labelWidth - 1);
  const drawn = fitted(values, cells).map((value) =>
    lines === 0 ? 0 : Math.round(((value - least) / (most - least)) * lines),
  );
  const chart = asciichart.plot(drawn, {
    height: Math.max(...drawn) - Math.min(...drawn),
    offset: 1,
    symbols: isAscii ? symbols.ascii : symbols.drawn,
    // The label of a step is drawn over the axis.
    format: () => ' ',
  });
  return chart.split('\n').map((line, at) => {
    const label = labels[at] ?? '';
    return `${' '.repeat(labelWidth - widthOf(label))}${label} ${line}`.trimEnd();
  });
}
