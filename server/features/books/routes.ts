import { defineRoute } from '../../http/contract/route.js';
import type { SharedCheck } from './shared-check.js';
import { booksSchema } from './wire.js';

export interface BookParts {
  readonly check: SharedCheck;
}

export function bookRoutes({ check }: BookParts) {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/ledger',
      operationId: 'checkBooks',
      tag: 'Administration',
      summary: 'The books: what stands in each currency, and whether everything in them agrees',
      description:
        'Works everything out anew, which takes some seconds for every hundred thousand payments; nobody who pays waits ' +
        'for it. Whoever asks while a check is under way is told what that one finds.',
      access: { who: 'user', scope: 'admin' },
      answers: { 200: { description: 'What was found.', schema: booksSchema } },
      refusals: ['STORAGE_UNAVAILABLE'],
      async handle() {
        return { status: 200, body: await check.run() };
      },
    }),
  ];
}
