import type { EventJson } from '../../server/features/events/wire.js';
import type { FailureKind } from '../failure/exit-status.js';
import { Failure } from '../failure/failure.js';
import type { OpenContext } from '../make-context.js';
import { type EventStream, openEventStream } from './event-stream.js';
import type { PromptState } from './prompt-text.js';
import { untilFresh } from './until-fresh.js';
import { type LinkNews, watchLink } from './watch-link.js';

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
  readonly onLink: (news: LinkNews) => void;
  readonly onChange: () => void;
}

interface AccountStream extends EventStream {
  readonly identity: string;
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
  let stream: AccountStream | undefined;
  // The account whose stream has ended for good: it is told once, and not tried again.
  let over: { readonly identity: string; readonly kind: FailureKind } | undefined;
  const refresh = untilFresh(ask, parts.signal);

  function change(part: Partial<PromptState>): void {
    state = { ...state, ...part };
    parts.onChange();
  }

  /** The stream of events has failed for good. */
  function endStream(identity: string, failure: Failure): void {
    stream = undefined;
    over = { identity, kind: failure.kind };
    change({ link: linkAfter(failure.kind) });
    parts.onEnd(failure);
  }

  function startStream(identity: string, isAway: boolean): AccountStream {
    const events = openEventStream({
      open: (signal) => parts.open(true, signal),
      signal: parts.signal,
      onEvent(event) {
        parts.onEvent(event);
        void refresh();
      },
      ...watchLink(isAway, { change: (link) => change({ link }), onLink: parts.onLink, refresh }),
      onEnd: (error) => endStream(identity, asFailure(error)),
    });
    return { identity, ...events };
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
      change({ name, balance: undefined, link: isAway ? 'offline' : 'online' });
      stream = startStream(identity, isAway);
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
