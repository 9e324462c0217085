import * as z from 'zod';
import type { ListReader, ListTurns } from '../../http/answer/list-turns.js';
import { defineRoute } from '../../http/contract/route.js';
import { userNotFound } from '../accounts/find-target.js';
import { findUserByName, readUser } from '../accounts/user-store.js';
import { balancesOf, balancesOfAll } from './balances.js';
import { mostSummed } from './most-summed.js';
import { type SummaryParts, summarise, summariseAll } from './summarise.js';
import {
  allBalancesQuerySchema,
  allSummaryQuerySchema,
  balancesQuerySchema,
  summaryQuerySchema,
} from './summary-query.js';
import { allBalancesSchema, balancesSchema, summarySchema } from './wire.js';

const tag = 'Summaries';
const own = { who: 'user', scope: 'read' } as const;
const reading = { who: 'user', scope: 'admin' } as const;
const params = z.strictObject({ username: z.string().meta({ description: 'Whose.' }) });

const whatIsSummed = `In, out, net and count of each group, exact, as the filters leave them: those of the history. At most 400 groups, then \`more\`; at most ${mostSummed.toLocaleString('en')} payments, else 422.`;
const howRead =
  'The balance after the last payment before the end of each step, or before `at`. At most 400, the newest, then `more`.';

const summaryAnswers = { 200: { description: 'The sums.', schema: summarySchema } } as const;
const balancesAnswers = { 200: { description: 'The balances.', schema: balancesSchema } } as const;

export interface SummaryRouteParts extends SummaryParts {
  readonly lists: ListTurns;
}

/** The answer to a sum, which is made in the viewer's turn, as a list is read. */
async function summed<Body>({ lists }: SummaryRouteParts, reader: ListReader, sum: () => Promise<Body>) {
  return { status: 200 as const, body: await lists.inTurn(reader, sum) };
}

export function summaryRoutes(parts: SummaryRouteParts) {
  return [
    ownSummaryRoute(parts),
    ownBalancesRoute(parts),
    userSummaryRoute(parts),
    userBalancesRoute(parts),
    allSummaryRoute(parts),
    allBalancesRoute(parts),
  ];
}

function ownSummaryRoute(parts: SummaryRouteParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/me/summary',
    operationId: 'summarisePayments',
    tag,
    summary: 'Where your money went, and where it came from',
    description: whatIsSummed,
    access: own,
    query: summaryQuerySchema,
    answers: summaryAnswers,
    refusals: ['INVALID_AMOUNT', 'UNKNOWN_CURRENCY'],
    async handle({ viewer, address, query }) {
      return summed(parts, { userId: viewer.userId, address }, async () =>
        summarise(parts, await readUser(parts.readers, viewer.userId), query),
      );
    },
  });
}

function ownBalancesRoute(parts: SummaryRouteParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/me/balances',
    operationId: 'listBalances',
    tag,
    summary: 'What you had, day by day, or at one moment',
    description: howRead,
    access: own,
    query: balancesQuerySchema,
    answers: balancesAnswers,
    async handle({ viewer, address, query }) {
      return summed(parts, { userId: viewer.userId, address }, async () =>
        balancesOf(parts, await readUser(parts.readers, viewer.userId), query),
      );
    },
  });
}

/** The user of this name. Throws NOT_FOUND. */
async function findUser({ readers }: SummaryParts, username: string) {
  const user = await findUserByName(readers, username);
  if (!user) {
    throw userNotFound(username);
  }
  return user;
}

function userSummaryRoute(parts: SummaryRouteParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/users/{username}/summary',
    operationId: 'summariseUser',
    tag,
    summary: "Sums of one user's payments",
    description: `As that user sees them. ${whatIsSummed}`,
    access: reading,
    params,
    query: summaryQuerySchema,
    answers: summaryAnswers,
    refusals: ['NOT_FOUND', 'INVALID_AMOUNT', 'UNKNOWN_CURRENCY'],
    async handle({ viewer, address, params: { username }, query }) {
      return summed(parts, { userId: viewer.userId, address }, async () =>
        summarise(parts, await findUser(parts, username), query),
      );
    },
  });
}

function userBalancesRoute(parts: SummaryRouteParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/users/{username}/balances',
    operationId: 'listBalancesOfUser',
    tag,
    summary: 'What one user had, day by day, or at one moment',
    description: howRead,
    access: reading,
    params,
    query: balancesQuerySchema,
    answers: balancesAnswers,
    refusals: ['NOT_FOUND'],
    async handle({ viewer, address, params: { username }, query }) {
      return summed(parts, { userId: viewer.userId, address }, async () =>
        balancesOf(parts, await findUser(parts, username), query),
      );
    },
  });
}

function allSummaryRoute(parts: SummaryRouteParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/summary',
    operationId: 'summariseAll',
    tag,
    summary: "Sums of everybody's payments",
    description: `What users received, sent and thereby gained, in each currency. ${whatIsSummed}`,
    access: reading,
    query: allSummaryQuerySchema,
    answers: summaryAnswers,
    refusals: ['INVALID_AMOUNT', 'UNKNOWN_CURRENCY'],
    async handle({ viewer, address, query }) {
      return summed(parts, { userId: viewer.userId, address }, () =>
        summariseAll(parts, query, viewer.currency),
      );
    },
  });
}

function allBalancesRoute(parts: SummaryRouteParts) {
  return defineRoute({
    method: 'GET',
    path: '/v1/admin/balances',
    operationId: 'listBalancesOfAll',
    tag,
    summary: 'What all users had together, day by day, or at one moment',
    description: `In one currency, beside what was issued. ${howRead}`,
    access: reading,
    query: allBalancesQuerySchema,
    answers: { 200: { description: 'The balances.', schema: allBalancesSchema } },
    refusals: ['UNKNOWN_CURRENCY'],
    async handle({ viewer, address, query: { currency, ...query } }) {
      return summed(parts, { userId: viewer.userId, address }, () =>
        balancesOfAll(parts, query, currency ?? viewer.currency),
      );
    },
  });
}
