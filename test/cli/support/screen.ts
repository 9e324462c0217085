export interface ScreenView {
  /** What stands on each line, without the spaces at its end; the empty ones at the bottom are left out. */
  readonly lines: readonly string[];
  /** Where the cursor stands, from 0. */
  readonly cursor: { readonly row: number; readonly column: number };
}

/** The screen of a terminal after all this was written to it. */
export async function screenOf(written: string, columns: number, rows = 40): Promise<ScreenView> {
  // Loaded where it is needed: many look at the text alone.
  const { default: xterm } = await import('@xterm/headless');
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(written, resolve));
  const { active } = terminal.buffer;
  const lines = [...Array(active.length).keys()].map(
    (row) => active.getLine(row)?.translateToString().trimEnd() ?? '',
  );
  const cursor = { row: active.baseY + active.cursorY, column: active.cursorX };
  terminal.dispose();
  return { lines: lines.slice(0, lines.findLastIndex((line) => line !== '') + 1), cursor };
}
