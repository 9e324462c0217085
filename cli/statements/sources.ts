import assert from 'node:assert';
import { fetchList } from '../api/fetch-list.js';
import type { Context } from '../context.js';
import { readerTimeZone } from '../terminal/time-zone.js';
import type { Holder, StatementSource } from './statement.js';

/** The source of one's own statement. */
export async function ownSource(context: Context): Promise<StatementSource> {
  const api = await context.api();
  const tz = readerTimeZone();
  return {
    ...{ holder: await api.call('GET /v1/me'), server: api.server, tz },
    async balanceAt(at) {
      const { data } = await api.call('GET /v1/me/balances', { query: { at } });
      assert(data[0], 'a moment has a balance');
      return data[0];
    },
    balances: (span, step) => api.call('GET /v1/me/balances', { query: { ...span, step, tz } }),
    summary: (span, by) => api.call('GET /v1/me/summary', { query: { ...span, by, tz } }),
    payments: (query, most) => fetchList(context, 'GET /v1/payments', { query }, most),
  };
}

/** The source of somebody's statement for an administrator. */
export async function userSource(context: Context, holder: Holder): Promise<StatementSource> {
  const api = await context.api();
  const tz = readerTimeZone();
  const { username } = holder;
  const params = { username };
  return {
    ...{ holder, server: api.server, tz },
    async balanceAt(at) {
      const { data } = await api.call('GET /v1/admin/users/{username}/balances', { params, query: { at } });
      assert(data[0], 'a moment has a balance');
      return data[0];
    },
    balances: (span, step) =>
      api.call('GET /v1/admin/users/{username}/balances', { params, query: { ...span, step, tz } }),
    summary: (span, by) =>
      api.call('GET /v1/admin/users/{username}/summary', { params, query: { ...span, by, tz } }),
    payments: (span, most) =>
      fetchList(context, 'GET /v1/admin/payments', { query: { ...span, user: username } }, most),
  };
}
