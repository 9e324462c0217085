import type { Context, Surroundings } from '../context.js';
import { type Kept, makeKept } from '../kept.js';
import { makeContext, type OpenContext } from '../make-context.js';
import { makeCredentials } from '../settings/credentials.js';
import { quiet } from './quiet.js';
import type { LineRunner } from './run-words.js';

/** A shell before its first line: what its commands share, and how one is run. */
export interface Shell {
  readonly runner: LineRunner;
  readonly kept: Kept;
  /** A context that disturbs nobody, with a connection of its own or the one that is kept. */
  openQuiet(keepsConnection: boolean, signal: AbortSignal): Promise<OpenContext>;
  /** A context as commands have it, which with `--fingerprint` accepts the server. */
  open(): Promise<OpenContext>;
  /** Whether a request since the last time of asking may have changed something. */
  hasChanged(): boolean;
  /** How long nothing was asked over the kept connection, in milliseconds. */
  idleMs(): number;
}

/** What the process gave, out of what the context of the shell's own command adds to it. */
function surroundingsIn(context: Context): Surroundings {
  const { environment, stdin, stdout, stderr, now, signal, takeInterrupts } = context;
  // A command is typed in here as `pay`, or without it, wherever the program is.
  // The keys are the line editor's: a pager would read them, too.
  const unpaged = { ...environment, PAY_PAGER: '' };
  return { environment: unpaged, calledAs: 'pay', stdin, stdout, stderr, now, signal, takeInterrupts };
}

export function makeShell(context: Context): Shell {
  const { commandLine, flags, folder, environment, signal, now } = context;
  const surroundings = surroundingsIn(context);
  let hasChanged = false;
  let lastMs = now().getTime();
  const kept = makeKept({
    folder,
    credentials: makeCredentials(folder, environment.PAY_KEYCHAIN !== 'off'),
    signal,
    onRequest(method) {
      hasChanged ||= method !== 'GET';
      lastMs = now().getTime();
    },
  });
  // What the background asks is not shown, not even with --debug, and is asked of the server accepted at the beginning.
  const { debug: _debug, fingerprint: _fingerprint, ...quietFlags } = flags;
  return {
    runner: { commandLine, surroundings, kept, flags },
    kept,
    openQuiet: (keepsConnection, over) =>
      makeContext(quiet(surroundings, over), quietFlags, { keepsConnection, commandLine, kept }),
    open: () => makeContext(surroundings, flags, { keepsConnection: false, commandLine, kept }),
    hasChanged() {
      const changed = hasChanged;
      hasChanged = false;
      return changed;
    },
    idleMs: () => now().getTime() - lastMs,
  };
}
