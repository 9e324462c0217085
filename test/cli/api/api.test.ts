import test from 'ava';
import { makeApi } from '../../../cli/api/api.js';
import { Unanswered } from '../../../cli/api/call.js';
import type { Transport } from '../../../cli/api/transport.js';

const unending: Transport = {
  send: async () => ({
    status: 200,
    headers: {},
    pieces: (async function* () {
      for (;;) {
        yield 'x'.repeat(1_000_000);
      }
    })(),
  }),
  close: async () => undefined,
};

test('an answer that does not end is not read to the end of the memory', async (t) => {
  const api = makeApi({
    server: 'https://127.0.0.1:1',
    transport: unending,
    token: async () => 'none',
    accept: async () => undefined,
    code: async () => undefined,
    progress: (work) => work(),
    changed: () => undefined,
    signal: new AbortController().signal,
    userAgent: 'test',
  });
  await t.throwsAsync(api.exchange({ method: 'POST', path: '/v1/payments', body: {} }), {
    instanceOf: Unanswered,
  });
});
