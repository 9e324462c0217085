import type { EventJson } from '../../server/features/events/wire.js';
import type { FailureKind } from '../failure/exit-status.js';
import { Failure } from '../failure/failure.js';
import type { OpenContext } from '../make-context.js';
import { followEvents } from '../news/follow-events.js';
import { sleep } from '../sleep.js';
import type { PromptState } from './prompt-text.js';

export interface AccountWatch {
  promptState(): PromptState;
  /**
   * Looks whose shell this is now, and follows the events of that account. A server that was told to be away is not told to
   * be so again.
   */
  follow(isAway?: boolean): Promise<void>;
  /** Asks for the balance; never fails. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

export interface WatchParts {
  /** A context that disturbs nobody: it asks nothing and shows nothing. With a connection of its own, if wanted. */
  readonly open: (keepsConnection: boolean, signal: AbortSignal) => Promise<OpenContext>;
  readonly signal: AbortSignal;
  readonly onEvent: (event: EventJson) => void;
  /** The stream has ended for good: nobody is logged in, or the server is not the one that is known. */
  readonly onEnd: (failure: Failure) => void;
  readonly onLink: (news: 'begun' | 'lost' | 'back') => void;
  readonly onChange: () => void;
}

// The silence after which the stream is taken for dead: three heartbeats of the server.
const silenceMs = 45_000;

interface Stream {
  readonly identity: string;
  stop(): void;
  /** Tries to connect at once instead of later. */
  hurry(): void;
  readonly ended: Promise<void>;
}

function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure('unreachable', String(error), { cause: error });
}

/** A token that may not read events is still one to work with. */
function linkAfter(kind: FailureKind): PromptState['link'] {
  const links: Partial<Record<FailureKind, PromptState['link']>> = {
    'not-logged-in': 'logged-out',
    unreachable: 'offline',
  };
  return links[kind] ?? 'online';
}

/** The identity of a stream of events: another account, server or session is another stream. */
async function identityOf({ context }: OpenContext): Promise<{ name: string | undefined; identity: string }> {
  const { server, profileName, profile } = await context.account();
  const given = context.environment.PAY_TOKEN;
  await context.token();
  return {
    name: given ? undefined : (profileName ?? profile?.username),
    identity: JSON.stringify([server, profileName, profile?.session?.credentialId, given !== undefined]),
  };
}

/** Watches one account for a shell: its balance, whether the server is there, and what happens. */
export function watchAccount(parts: WatchParts): AccountWatch {
  let state: PromptState = { name: undefined, balance: undefined, link: 'offline' };
  let stream: Stream | undefined;
  let asking: Promise<void> | undefined;
  let isStale = false;
  let isToldAway = false;
  // The account whose stream has ended for good: it is told once, and not tried again.
  let over: { readonly identity: string; readonly kind: FailureKind } | undefined;

  function change(part: Partial<PromptState>): void {
    state = { ...state, ...part };
    parts.onChange();
  }

  function startStream(identity: string): Stream {
    const stopping = new AbortController();
    const signal = AbortSignal.any([parts.signal, stopping.signal]);
    let hurry = () => {};
    let losses = 0;
    let hasBegun = false;
    async function connected(): Promise<void> {
      losses = 0;
      change({ link: 'online' });
      if (isToldAway) {
        isToldAway = false;
        parts.onLink(hasBegun ? 'back' : 'begun');
        await refresh();
      }
      hasBegun = true;
    }
    async function lost(): Promise<void> {
      losses += 1;
      // A stream that comes back at once is no news.
      if (losses < 2) {
        return;
      }
      change({ link: 'offline' });
      if (!isToldAway) {
        isToldAway = true;
        parts.onLink('lost');
      }
    }
    async function run(): Promise<void> {
      const { context, close } = await parts.open(true, signal);
      try {
        await followEvents({
          api: await context.api(),
          signal,
          mayBeginLate: true,
          sleep: async (ms) => {
            const early = new AbortController();
            hurry = () => early.abort();
            await sleep(ms, AbortSignal.any([signal, early.signal]));
          },
          silenceMs,
          since: undefined,
          random: Math.random,
          async onEvent(event) {
            parts.onEvent(event);
            void refresh();
          },
          onConnected: connected,
          onBack: connected,
          onLost: lost,
          isOver: () => false,
        });
      } finally {
        await close();
      }
    }
    const ended = run().catch((error: unknown) => {
      if (signal.aborted) {
        return;
      }
      const failure = asFailure(error);
      stream = undefined;
      over = { identity, kind: failure.kind };
      change({ link: linkAfter(failure.kind) });
      parts.onEnd(failure);
    });
    return { identity, ended, stop: () => stopping.abort(), hurry: () => hurry() };
  }

  async function follow(isAway = false): Promise<void> {
    const opened = await parts.open(false, parts.signal);
    try {
      const { name, identity } = await identityOf(opened);
      if (stream?.identity === identity) {
        stream.hurry();
        return;
      }
      if (over?.identity === identity) {
        return;
      }
      stream?.stop();
      over = undefined;
      isToldAway = isAway;
      change({ name, balance: undefined, link: isAway ? 'offline' : 'online' });
      stream = startStream(identity);
    } catch {
      // Nobody is logged in, or it is not clear who: the next command says why.
      stream?.stop();
      stream = undefined;
      change({ name: undefined, balance: undefined, link: 'logged-out' });
    } finally {
      await opened.close();
    }
  }

  async function ask(): Promise<void> {
    const opened = await parts.open(false, parts.signal);
    try {
      const api = await opened.context.api();
      const { username, balance } = await api.call('GET /v1/me');
      stream?.hurry();
      change({ name: state.name ?? username, balance });
      if (over?.kind === 'unreachable') {
        over = undefined;
        await follow();
      }
    } catch {
      // The stream and the next command tell what the prompt cannot tell now.
    } finally {
      await opened.close();
    }
  }

  async function askUntilFresh(): Promise<void> {
    do {
      isStale = false;
      await ask();
    } while (isStale && !parts.signal.aborted);
    asking = undefined;
  }

  function refresh(): Promise<void> {
    isStale = asking !== undefined;
    asking ??= askUntilFresh();
    return asking;
  }

  return {
    promptState: () => state,
    follow,
    async refresh() {
      if (state.link !== 'logged-out') {
        await refresh();
      }
    },
    async stop() {
      const last = stream;
      last?.stop();
      await last?.ended;
    },
  };
}
