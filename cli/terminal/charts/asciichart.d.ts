// The part of asciichart that is used; the package ships no types.
declare module 'asciichart' {
  export interface PlotConfig {
    /** Cells of labels and axis to the left of the line. */
    readonly offset?: number;
    readonly height?: number;
    /** The axis where it is crossed, the axis, two that are not used, a level, four corners, an upright. */
    readonly symbols?: readonly string[];
    /** The label of a row, which is counted from the top. */
    readonly format?: (value: number, row: number) => string;
  }
  const asciichart: { plot(series: readonly number[], config?: PlotConfig): string };
  export default asciichart;
}
