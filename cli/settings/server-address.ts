import { Failure } from '../failure/failure.js';

export const defaultServer = 'https://127.0.0.1:8443';

/**
 * The origin of a server as people write it: `https://` may be left out.
 * @throws Failure (usage) for plain http and for what is no address.
 */
export function serverAddress(text: string, source: string): string {
  const address = text.includes('://') ? text : `https://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'http:') {
    throw new Failure(
      'usage',
      `${source} ${text}: plain http is refused, because everybody on the way could read the token.`,
      {
        next: [`Write https://${url.host}`],
      },
    );
  }
  const isBare =
    url?.protocol === 'https:' &&
    url.hostname !== '' &&
    url.username === '' &&
    url.password === '' &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '';
  if (!isBare) {
    throw new Failure('usage', `${source} "${text}" is no address of a server.`, {
      next: [`Write scheme, host and port, such as ${defaultServer}`],
    });
  }
  return url.origin;
}
