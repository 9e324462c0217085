import * as z from 'zod';
import type { Database } from '../../../db/connect.js';
import { csvOf } from '../../http/answer/csv.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers, pageQuery } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { nameKey } from '../accounts/user-store.js';
import type { Lists } from '../lists/lists.js';
import { countBlocks, listBlocks } from './block-store.js';
import { changeBlock } from './change-block.js';
import { blockJson, blockSchema } from './wire.js';

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

const csv = csvOf(['username', 'createdAt'], blockJson);

function listRoute({ lists, lists: { readers } }: BlockParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/blocks',
    operationId: 'listBlocks',
    tag: 'Blocks',
    summary: 'Whom you do not deal with',
    access: { who: 'user', scope: 'pay' },
    query: z.strictObject(pageQuery),
    answers: listAnswers('BlockPage', blockSchema, 'them'),
    handle: (call) =>
      listAnswer(
        {
          name: 'blocks',
          lists,
          open: async () => ({
            readPage: (part) => listBlocks(readers, call.viewer.userId, part),
            count: (part) => countBlocks(readers, call.viewer.userId, part),
          }),
          idOf: ({ blockedId }) => String(blockedId),
          jsonOf: blockJson,
          csv,
        },
        call,
      ),
  });
}
