import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { isTooHigh, type Screen } from './screen.js';
import type { Shown } from './text/shown.js';

/** The parts of the process that a pager needs. */
export interface PagerParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: Screen;
  readonly signal: AbortSignal;
  takeInterrupts(onInterrupt: () => void): () => void;
}

// The statuses that a shell ends with where a command cannot be run.
const notRun: readonly (number | null)[] = [126, 127];

/** The command that pages: PAY_PAGER, PAGER, or less; undefined where none is wanted. */
function pagerOf({ PAY_PAGER, PAGER, TERM }: PagerParts['environment']): string | undefined {
  const pager = (PAY_PAGER ?? PAGER ?? 'less').trim();
  return pager === '' || pager === 'cat' || TERM === 'dumb' ? undefined : pager;
}

/**
 * Shows a text in a pager.
 * @returns whether the pager could be run
 */
async function showIn(child: ChildProcess, { text }: Shown, signal: AbortSignal): Promise<boolean> {
  const end = () => child.kill();
  signal.addEventListener('abort', end);
  // Whoever leaves before the end has seen enough.
  child.stdin?.on('error', () => undefined).end(text);
  try {
    const [status] = (await once(child, 'close')) as [number | null];
    return !notRun.includes(status);
  } catch {
    // There is not even a shell to run it in.
    return false;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Writes a text to a terminal, in a pager where it is longer than that. In there Ctrl-C is the pager's. */
export async function pageText(parts: PagerParts, text: Shown): Promise<void> {
  const { environment, stdout, signal } = parts;
  const pager = pagerOf(environment);
  const hasHandle = typeof (stdout.stream as { fd?: unknown }).fd === 'number';
  if (pager === undefined || !stdout.isTerminal || !hasHandle || !isTooHigh(text, stdout)) {
    await stdout.write(text);
    return;
  }
  const giveBack = parts.takeInterrupts(() => undefined);
  try {
    const child = spawn('sh', ['-c', pager], {
      stdio: ['pipe', stdout.stream, 'inherit'],
      // Quits where it fits on one screen, takes colours as such, and leaves what was read there.
      env: { ...environment, LESS: environment.LESS ?? 'FRX', LV: environment.LV ?? '-c' },
    });
    if (await showIn(child, text, signal)) {
      return;
    }
  } finally {
    giveBack();
  }
  await stdout.write(text);
}
