import { isNoCredit } from '../features/accounts/opening-credit.js';
import { isLoopback } from '../network.js';
import type { Settings } from '../settings.js';
import { doubtful, type Finding, right } from './finding.js';

export const settingsSubject = 'settings';

/** Whether others than this machine's own users reach the server. */
const isOpenToOthers = ({ host, trustedProxies }: Settings) =>
  !isLoopback(host) || trustedProxies !== undefined;

interface Weakness {
  readonly isSo: (settings: Settings) => boolean;
  readonly text: string;
}

const weaknesses: readonly Weakness[] = [
  {
    isSo: ({ rateLimits }) => rateLimits.rates === undefined,
    text: 'PAY_RATE_LIMITS=off (nobody who guesses or floods is slowed down)',
  },
  {
    isSo: ({ webhooksPrivate }) => webhooksPrivate,
    text: 'PAY_WEBHOOKS_PRIVATE=true (webhooks reach into this network)',
  },
  {
    isSo: ({ metrics }) => metrics === 'anyone',
    text: 'PAY_METRICS=anyone (the figures are for all to read)',
  },
  {
    isSo: ({ trustedProxies }) => trustedProxies?.some((network) => network.endsWith('/0')) === true,
    text: 'PAY_TRUSTED_PROXIES of every address (anybody may say where they come from)',
  },
  {
    isSo: (settings) =>
      isOpenToOthers(settings) && settings.registration === 'open' && !isNoCredit(settings.openingCredit),
    text: 'PAY_REGISTRATION=open with an opening credit (whoever reaches the server makes money)',
  },
];

/** Which settings make the server weaker than it is by itself. */
export function lookAtSettings(settings: Settings): Finding {
  const found = weaknesses.filter(({ isSo }) => isSo(settings)).map(({ text }) => text);
  return found.length === 0
    ? right(settingsSubject, 'none weakens the server')
    : doubtful(
        settingsSubject,
        `weaker than it need be: ${found.join('; ')}`,
        'Change them where that is not meant, then start the server again.',
      );
}
