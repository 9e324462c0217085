import * as z from 'zod';
import type { Database } from '../../../db/connect.js';
import { defineRoute } from '../../http/contract/route.js';
import { nameKey } from './user-store.js';
import { displayNamesSchema, mostNamesAsked } from './wire.js';

const longestUsername = 100;

/** Usernames with commas between them; what is no username names nobody. */
const askedNamesSchema = z
  .string()
  .max(mostNamesAsked * (longestUsername + 1))
  .transform((text) => [...new Set(text.split(',').map(nameKey))])
  .refine((names) => names.length <= mostNamesAsked, {
    error: `must be ${mostNamesAsked} usernames at most`,
  });

interface NamedRow {
  readonly username: string;
  readonly display_name: string;
}

const readDisplayNames = (readers: Database, usernameKeys: readonly string[]): Promise<readonly NamedRow[]> =>
  readers<NamedRow>('users')
    .whereIn('username_key', [...usernameKeys])
    .whereNotNull('display_name')
    .orderBy('id')
    .select('username', 'display_name');

/** The route by which whoever pays sees whom: what people call themselves beside the names that they are paid by. */
export function displayNamesRoute({ readers }: { readonly readers: Database }) {
  return defineRoute({
    method: 'GET',
    path: '/v1/display-names',
    operationId: 'listDisplayNames',
    tag: 'Account',
    summary: 'What others call themselves',
    description: `Of up to ${mostNamesAsked} users. Who has no display name, and who is nobody, is left out. Anybody may take any display name: show it beside the username, never in its place.`,
    access: { who: 'user', scope: 'read' },
    query: z.strictObject({
      of: askedNamesSchema.meta({
        description: 'Usernames, with commas between them.',
        example: 'alice,bob',
      }),
    }),
    answers: { 200: { description: 'Those who have one.', schema: displayNamesSchema } },
    async handle(call) {
      const rows = await readDisplayNames(readers, call.query.of);
      const data = rows.map(({ username, display_name }) => ({ username, displayName: display_name }));
      return { status: 200, body: { data } };
    },
  });
}
