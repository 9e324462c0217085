import type { ApiInfo } from '../../http/contract/openapi.js';

/** The head of the published contract. */
export function apiInfo(version: string): ApiInfo {
  return {
    title: 'pay',
    version,
    description:
      'Send money, request it, look back. Amounts are decimal strings; every POST that moves money takes an Idempotency-Key, and a 5xx means: repeat it with the same key.',
    license: { name: 'MIT', identifier: 'MIT' },
    tags: [
      { name: 'Account', description: 'Registering, and the account of the one who calls.' },
      { name: 'Sessions', description: 'Logging in and out.' },
      { name: 'Tokens', description: 'Personal access tokens for scripts.' },
      { name: 'Second factor', description: 'Codes that are asked for besides the password.' },
      { name: 'Payments', description: 'Sending money and looking back.' },
      { name: 'Summaries', description: 'Sums and balances: where money went, and how much there was.' },
      { name: 'Requests', description: 'Asking for money, and answering.' },
      { name: 'Collections', description: 'Asking many under one name, and seeing who has paid.' },
      { name: 'Blocks', description: 'Whom one does not deal with.' },
      { name: 'Limits', description: 'How much one may pay at once, and within a day.' },
      { name: 'Notifications', description: 'What happened to one, kept and live.' },
      { name: 'Webhooks', description: 'Endpoints of yours that are told of your events.' },
      { name: 'Administration', description: 'For administrators: every account and every payment.' },
      { name: 'Currencies', description: 'What there is, and what it is worth.' },
      { name: 'About', description: 'The server itself.' },
    ],
  };
}
