import type { Context } from '../context.js';

export interface Me {
  readonly username: string;
  readonly currency: string;
}

/** Who acts, from the profile; asked of the server where only a token is known. @throws Failure */
export async function findMe(context: Context): Promise<Me> {
  const { profile } = await context.account();
  if (profile !== undefined && !context.environment.PAY_TOKEN) {
    return profile;
  }
  const api = await context.api();
  return await api.call('GET /v1/me');
}

/** Finds out in which currency whoever acts has money. */
export const ownCurrency = (context: Context) => async (): Promise<string> =>
  (await findMe(context)).currency;
