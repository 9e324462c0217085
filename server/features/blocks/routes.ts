import * as z from 'zod';
import type { Database } from '../../../db/connect.js';
import { timeText } from '../../clock.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { pageAnswer } from '../../http/answer/list-answer.js';
import { pageAnswers, pageQuery } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { nameKey } from '../accounts/user-store.js';
import type { Lists } from '../lists/lists.js';
import { countBlocks, listBlocks } from './block-store.js';
import { changeBlock } from './change-block.js';
import { blockSchema } from './wire.js';

export interface BlockParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly lists: Lists;
}

export function blockRoutes(parts: BlockParts) {
  return [changeRoute(parts, true), changeRoute(parts, false), listRoute(parts)];
}

function changeRoute({ ledger }: BlockParts, isBlocked: boolean) {
  return defineRoute({
    method: isBlocked ? 'PUT' : 'DELETE',
    path: '/v1/blocks/{username}',
    operationId: isBlocked ? 'blockUser' : 'unblockUser',
    tag: 'Blocks',
    summary: isBlocked ? 'Stop dealing with somebody' : 'Deal with somebody again',
    description: isBlocked
      ? 'Neither of you can pay or ask the other any more; they are not told why. Refunds stay possible, without their reason.'
      : 'Both of you can ask and pay each other again.',
    access: { who: 'user', scope: 'pay' },
    params: z.strictObject({ username: z.string().meta({ description: 'Whom.' }) }),
    answers: { 204: { description: 'Done.' } },
    refusals: ['NOT_FOUND'],
    async handle(call) {
      const input = { userId: call.viewer.userId, username: nameKey(call.params.username), isBlocked };
      return ledgerAnswer(await decide(ledger, call, changeBlock, input));
    },
  });
}

function listRoute({ lists, lists: { readers } }: BlockParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/blocks',
    operationId: 'listBlocks',
    tag: 'Blocks',
    summary: 'Whom you do not deal with',
    access: { who: 'user', scope: 'pay' },
    query: z.strictObject(pageQuery),
    answers: pageAnswers('BlockPage', blockSchema, 'them'),
    handle: (call) =>
      pageAnswer(
        {
          name: 'blocks',
          lists,
          open: async () => ({
            readPage: (part) => listBlocks(readers, call.viewer.userId, part),
            count: (part) => countBlocks(readers, call.viewer.userId, part),
          }),
          idOf: ({ blockedId }) => String(blockedId),
          jsonOf: ({ username, createdAt }) => ({ username, createdAt: timeText(createdAt) }),
        },
        call,
      ),
  });
}
