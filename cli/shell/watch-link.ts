export type LinkNews = 'begun' | 'lost' | 'back';

export interface LinkParts {
  readonly change: (link: 'online' | 'offline') => void;
  readonly onLink: (news: LinkNews) => void;
  /** Asks for what may have been missed. */
  readonly refresh: () => Promise<void>;
}

/**
 * Tells what a stream says of the link to its server, but for what is no news.
 * @param isToldAway whether it was told already that the server is away
 */
export function watchLink(
  isToldAway: boolean,
  { change, onLink, refresh }: LinkParts,
): { readonly onConnected: () => Promise<void>; readonly onLost: () => Promise<void> } {
  let isAway = isToldAway;
  let losses = 0;
  let hasBegun = false;
  return {
    async onConnected() {
      losses = 0;
      change('online');
      if (isAway) {
        isAway = false;
        onLink(hasBegun ? 'back' : 'begun');
        await refresh();
      }
      hasBegun = true;
    },
    async onLost() {
      losses += 1;
      // A stream that comes back at once is no news.
      if (losses < 2) {
        return;
      }
      change('offline');
      if (!isAway) {
        isAway = true;
        onLink('lost');
      }
    },
  };
}
