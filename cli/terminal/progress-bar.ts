import type { Screen } from './screen.js';
import { shown } from './text/shown.js';

const cells = 24;
const pauseMs = 100;

export interface ProgressBar {
  /** Says that so many more steps are done. */
  advance(by: number): void;
  /** Takes the bar off the screen, before something else is written and at the end. */
  clear(): void;
}

/** A bar that shows how far work is that has so many steps, on a line of stderr that is drawn anew ten times a second at most; for people only. */
export function makeProgressBar(screen: Screen, label: string, total: number, now: () => Date): ProgressBar {
  const isShown = screen.isTerminal && screen.pen.level > 0;
  let done = 0;
  let drawnAtMs = Number.NEGATIVE_INFINITY;

  function draw(): void {
    const full = Math.round((done / total) * cells);
    const bar = shown`${screen.pen.green('━'.repeat(full))}${screen.pen.dim('─'.repeat(cells - full))}`;
    screen.stream.write(shown`\r\u001b[K${label} ${bar} ${done}/${total}`.text);
  }

  return {
    advance(by) {
      done += by;
      const nowMs = now().getTime();
      if (isShown && nowMs - drawnAtMs >= pauseMs) {
        drawnAtMs = nowMs;
        draw();
      }
    },
    clear() {
      if (isShown) {
        screen.stream.write('\r\u001b[K');
      }
    },
  };
}
