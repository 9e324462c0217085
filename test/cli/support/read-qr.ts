import jsqr from 'jsqr';

// A package of CommonJS, whose one function is the default of its default.
const readQr = (jsqr as unknown as { readonly default: typeof jsqr.default }).default;

/** Dots a module is wide, as a camera would see it. */
const scale = 4;

const isLit: Readonly<Record<string, readonly [upper: boolean, lower: boolean]>> = {
  '█': [true, true],
  '▀': [true, false],
  '▄': [false, true],
  ' ': [false, false],
};

/** What a camera reads on a screen that shows these lines of half blocks; undefined where there is no code. */
export function readQrOnScreen(lines: readonly string[]): string | undefined {
  const modules = lines.flatMap((line) => {
    const cells = [...line].map((char) => isLit[char] ?? [false, false]);
    return [cells.map(([upper]) => upper), cells.map(([, lower]) => lower)];
  });
  const width = Math.max(...modules.map(({ length }) => length)) * scale;
  const height = modules.length * scale;
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const lit = modules[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true;
      pixels.set([lit, lit, lit].map((on) => (on ? 255 : 0)).concat(255), (y * width + x) * 4);
    }
  }
  return readQr(pixels, width, height)?.data;
}
