import type { HelpfulOperation } from '../../server/wire.js';

const commands: Readonly<Record<HelpfulOperation, string>> = {
  beginSecondFactor: 'pay 2fa on',
  changePassword: 'pay password',
  listAllPayments: 'pay admin payments',
  listBlocks: 'pay blocks',
  listCollections: 'pay collections',
  listCurrencies: 'pay rates',
  listNotifications: 'pay notifications',
  listPayments: 'pay history',
  listRequests: 'pay requests --all',
  listSessions: 'pay sessions list',
  listTokens: 'pay tokens list',
  listUsers: 'pay admin users',
  listWebhooks: 'pay webhooks list',
  logIn: 'pay login',
  showMe: 'pay balance',
  switchSecondFactorOff: 'pay 2fa off',
};

/** The command for the operation that a problem names in `see`; undefined where it names none that is known here. */
export function seeCommand(see: unknown): string | undefined {
  return typeof see === 'string' && Object.hasOwn(commands, see)
    ? commands[see as HelpfulOperation]
    : undefined;
}
