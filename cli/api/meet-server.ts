import type { CurrencyJson } from '../../server/money/wire.js';
import type { ApiSource } from './api.js';

/**
 * Meets the server before anything is typed for it: a person is asked about one that is not known yet. Gives its currencies.
 * @throws Failure
 */
export async function meetServer(context: Pick<ApiSource, 'api'>): Promise<readonly CurrencyJson[]> {
  const api = await context.api();
  const { data } = await api.call('GET /v1/currencies', { isAnonymous: true });
  return data;
}
