import { type Html, html, markup } from './html.js';

// The styles of a document, which is one file with nothing from elsewhere: light and dark as its reader likes, on paper of
// any size black on white, with the head of a table on each page and the number of the page below.
const styles = `
:root { color-scheme: light dark; --ink: #1b1b1f; --faint: #5b5b66; --line: #d5d5dd; --paper: #fff; --in: #11663a; --out: #8a3b00; --area: #dcefe4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececf1; --faint: #a9a9b6; --line: #3b3b46; --paper: #17171b; --in: #6fd19b; --out: #ffb071; --area: #1f3a2b; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.45 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: 0 0 .5rem; }
.faint { color: var(--faint); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: start; font-weight: 600; padding: 1.5rem 0 .5rem; }
th, td { padding: .35rem .5rem; text-align: start; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border-bottom-width: 2px; font-size: .85rem; color: var(--faint); }
tbody th { font-weight: 400; }
th.amount, td.amount { text-align: end; white-space: nowrap; overflow-wrap: normal; }
time { white-space: nowrap; }
td.in { color: var(--in); }
td.out { color: var(--out); }
tfoot th, tfoot td { font-weight: 600; border-bottom: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 1.25rem 0; font-variant-numeric: tabular-nums; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; margin: .5rem 0; }
svg .line { fill: none; stroke: var(--in); stroke-width: 2; vector-effect: non-scaling-stroke; }
svg .area { fill: var(--area); }
svg .axis { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
svg text { fill: var(--faint); font-size: 13px; }
@page { margin: 18mm 15mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; color: #5b5b66; } }
@media print {
  :root { color-scheme: light; --ink: #000; --faint: #444; --line: #bbb; --paper: #fff; --in: #0b4a29; --out: #6b2d00; --area: #e6e6e6; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  tr, svg, dl { break-inside: avoid; }
  h2, caption { break-after: avoid; }
}
`;

/** A whole document. */
export function page(title: string, body: Html): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${markup(styles)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.text;
}
