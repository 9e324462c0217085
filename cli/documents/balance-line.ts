import { type Html, html } from './html.js';

export interface LinePoint {
  /** The words for a point: read out, and written below the first and the last. */
  readonly label: string;
  readonly value: number;
}

const width = 720;
const height = 180;
const edge = { top: 20, bottom: 24 };

/** A line over time as a picture within the document; `describe` says in words what it shows, for who does not see it. */
export function balanceLine(
  points: readonly LinePoint[],
  { title, describe, most, least }: { title: string; describe: string; most: string; least: string },
): Html {
  const values = points.map(({ value }) => value);
  const [high, low] = [Math.max(...values), Math.min(...values)];
  const room = height - edge.top - edge.bottom;
  const x = (at: number) => (points.length < 2 ? 0 : (at / (points.length - 1)) * width);
  const y = (value: number) =>
    edge.top + (high === low ? room / 2 : room * (1 - (value - low) / (high - low)));
  const place = (at: number, value: number) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`;
  // A balance stays what it is until the next one: steps, and no slopes between them.
  const path = points
    .map(({ value }, at) =>
      at === 0 ? `M${place(0, value)}` : `H${x(at).toFixed(1)}V${y(value).toFixed(1)}`,
    )
    .join('');
  const floor = height - edge.bottom;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="chart-title chart-text">
<title id="chart-title">${title}</title>
<desc id="chart-text">${describe}</desc>
<path class="area" d="${path}H${width}V${floor}H0Z"/>
<line class="axis" x1="0" y1="${floor}" x2="${width}" y2="${floor}"/>
<path class="line" d="${path}"/>
<text x="0" y="14">${most}</text>
<text x="0" y="${height - 6}">${points[0]?.label ?? ''}</text>
<text x="${width / 2}" y="${height - 6}" text-anchor="middle">${least}</text>
<text x="${width}" y="${height - 6}" text-anchor="end">${points.at(-1)?.label ?? ''}</text>
</svg>`;
}
