import * as z from 'zod';
import type { Database } from '../../../db/connect.js';
import { Refusal } from '../../errors.js';
import { csvOf } from '../../http/answer/csv.js';
import { ledgerAnswer } from '../../http/answer/ledger-answer.js';
import { listAnswer } from '../../http/answer/list-answer.js';
import { listAnswers, pageQuery } from '../../http/contract/page.js';
import { defineRoute } from '../../http/contract/route.js';
import { rowNumber } from '../../ids.js';
import { decide } from '../../ledger/decide.js';
import type { LedgerDoor } from '../../ledger/door.js';
import { idSchema } from '../../money/fields.js';
import { makeToken } from '../credentials/secret-token.js';
import type { Lists } from '../lists/lists.js';
import { type CreateToken, createToken } from './create-token.js';
import { noSuchToken, revokeToken } from './revoke-token.js';
import { countTokens, listTokens } from './token-store.js';
import { createTokenSchema, newTokenSchema, tokenJson, tokenSchema } from './wire.js';

export interface TokenParts {
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly lists: Lists;
}

export function tokenRoutes(parts: TokenParts) {
  return [createRoute(parts), listRoute(parts), revokeRoute(parts)];
}

function createRoute({ ledger }: TokenParts) {
  return defineRoute({
    method: 'POST',
    path: '/v1/tokens',
    operationId: 'createToken',
    tag: 'Tokens',
    summary: 'Make a personal access token for a script',
    access: { who: 'session' },
    body: createTokenSchema,
    answers: { 201: { description: 'The token; its secret is shown this once.', schema: newTokenSchema } },
    refusals: ['ACCOUNT_FROZEN', 'LIMIT_EXCEEDED'],
    async handle(call) {
      const { viewer, body } = call;
      if (body.scopes.includes('admin') && viewer.role !== 'admin') {
        throw new Refusal(
          'FORBIDDEN',
          'Only an administrator can make a token with the scope admin. Leave it out.',
        );
      }
      const { token, hash } = makeToken('pay_pat_');
      const input: CreateToken = {
        userId: viewer.userId,
        tokenHash: hash,
        ...body,
      };
      const outcome = await decide(ledger, call, createToken, input);
      if (outcome.status !== 201) {
        return ledgerAnswer(outcome);
      }
      const headers = { ...(outcome.location !== null && { Location: outcome.location }) };
      return { status: 201, body: { ...JSON.parse(outcome.json), token }, headers };
    },
  });
}

const csv = csvOf(['id', 'name', 'scopes', 'createdAt', 'expiresAt', 'lastUsedAt'], tokenJson);

function listRoute({ lists, lists: { readers } }: TokenParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/tokens',
    operationId: 'listTokens',
    tag: 'Tokens',
    summary: 'Your personal access tokens',
    access: { who: 'session' },
    query: z.strictObject(pageQuery),
    answers: listAnswers('TokenPage', tokenSchema, 'tokens'),
    handle: (call) =>
      listAnswer(
        {
          name: 'tokens',
          lists,
          open: async () => ({
            readPage: (part) => listTokens(readers, call.viewer.userId, part),
            count: (part) => countTokens(readers, call.viewer.userId, part),
          }),
          idOf: ({ id }) => String(id),
          jsonOf: tokenJson,
          csv,
        },
        call,
      ),
  });
}

function revokeRoute({ ledger }: TokenParts) {
  return defineRoute({
    method: 'DELETE',
    path: '/v1/tokens/{id}',
    operationId: 'revokeToken',
    tag: 'Tokens',
    summary: 'Revoke a token',
    access: { who: 'session' },
    params: z.strictObject({ id: idSchema('token') }),
    answers: { 204: { description: 'Revoked; dead on the next request.' } },
    refusals: ['NOT_FOUND'],
    async handle(call) {
      const tokenId = rowNumber('tok', call.params.id);
      if (tokenId === undefined) {
        throw noSuchToken();
      }
      const input = { userId: call.viewer.userId, tokenId };
      return ledgerAnswer(await decide(ledger, call, revokeToken, input));
    },
  });
}
