import test from 'ava';
import type { TokenJson } from '../../../server/features/tokens/wire.js';
import { startPayServer } from '../support/pay-server.js';
import { registerInside } from '../support/person.js';

const dayMs = 24 * 3_600_000;

test('when a token ends is said as for all that ends, or in days', async (t) => {
  const server = await startPayServer();
  t.teardown(() => server.stop());
  const alice = await registerInside(server, 'alice', 'GBP');
  const create = ['tokens', 'create', '--name', 'backup'];
  for (const [words, days] of [
    [['--expires', '30d'], 30],
    [['--expires', '2w'], 14],
    [['--expires-in-days', '3'], 3],
    [[], 90],
  ] as const) {
    const made = (await alice.json(...create, ...words)) as TokenJson;
    t.is((Date.parse(made.expiresAt) - Date.parse(made.createdAt)) / dayMs, days, words.join(' '));
  }
  for (const [words, text] of [
    [['--expires', 'soon'], /--expires "soon" is no time/],
    [['--expires', '400d'], /^✗ The days until it ends .*366/],
    [['--expires', '30d', '--expires-in-days', '3'], /cannot be used with/],
  ] as const) {
    const { status, stderr } = await alice.pay(...create, ...words);
    t.is(status, 2);
    t.regex(stderr, text);
  }
  t.is(((await alice.json('tokens')) as unknown[]).length, 4);
});
