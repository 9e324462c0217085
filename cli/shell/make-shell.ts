import type { Context, Runtime } from '../context.js';
import { makeContext, type OpenContext } from '../make-context.js';
import { makeCredentials } from '../settings/credentials.js';
import { makeSharedResources, type SharedResources } from '../shared-resources.js';
import type { LineRunner } from './run-words.js';
import { withoutOutput } from './without-output.js';

/** A shell before its first line: what its commands share, and how one is run. */
export interface Shell {
  readonly runner: LineRunner;
  readonly shared: SharedResources;
  /** A context that disturbs nobody, with a connection of its own or the one that is kept. */
  openInBackground(keepsConnection: boolean, signal: AbortSignal): Promise<OpenContext>;
  /** A context as commands have it, which with `--fingerprint` accepts the server. */
  open(): Promise<OpenContext>;
  /** Whether a request since the last time of asking may have changed something. */
  hasChanged(): boolean;
  /** How long nothing was asked over the kept connection, in milliseconds. */
  idleMs(): number;
}

/** The runtime out of what the context of the shell's own command adds to it. */
function runtimeIn(context: Context): Runtime {
  const { environment, stdin, stdout, stderr, now, signal, takeInterrupts } = context;
  // A command is typed in here as `pay`, or without it, wherever the program is.
  // The keys are the line editor's: a pager would read them, too.
  const unpaged = { ...environment, PAY_PAGER: '' };
  return { environment: unpaged, calledAs: 'pay', stdin, stdout, stderr, now, signal, takeInterrupts };
}

export function makeShell(context: Context): Shell {
  const { commandLine, flags, folder, environment, signal, now } = context;
  const runtime = runtimeIn(context);
  let hasChanged = false;
  let lastMs = now().getTime();
  const shared = makeSharedResources({
    folder,
    credentials: makeCredentials(folder, environment.PAY_KEYCHAIN !== 'off'),
    signal,
    onRequest(method) {
      hasChanged ||= method !== 'GET';
      lastMs = now().getTime();
    },
  });
  // The calls of the background are not shown, not even with --debug, and go to the server accepted at the beginning.
  const { debug: _debug, fingerprint: _fingerprint, ...backgroundFlags } = flags;
  return {
    runner: { commandLine, runtime, shared, flags },
    shared,
    openInBackground: (keepsConnection, over) =>
      makeContext(withoutOutput(runtime, over), backgroundFlags, { keepsConnection, commandLine, shared }),
    open: () => makeContext(runtime, flags, { keepsConnection: false, commandLine, shared }),
    hasChanged() {
      const changed = hasChanged;
      hasChanged = false;
      return changed;
    },
    idleMs: () => now().getTime() - lastMs,
  };
}
