import test from 'ava';
import { newAdmin } from '../support/admins.js';
import { sharedServer } from '../support/api-server.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

interface Described {
  readonly get?: { readonly parameters?: readonly { readonly name?: string; readonly in?: string }[] };
}

/** The paths of the document whose query has all of these parameters. */
async function pathsWith(...names: readonly string[]): Promise<readonly string[]> {
  const { paths } = (await server().ask('/openapi.json')).json as { paths: Record<string, Described> };
  return Object.entries(paths)
    .filter(([, { get }]) => names.every((name) => get?.parameters?.some((one) => one.name === name)))
    .map(([path]) => path);
}

const [early, late] = ['2026-11-22T18:00:00.000000Z', '2026-11-22T18:00:00.000001Z'];

for (const [fields, wrong, right] of [
  [
    ['since', 'until'],
    [
      [late, early],
      ['2026-11-22T18:00:00Z', '2026-11-22T18:00:00+01:00'],
    ],
    [
      [early, late],
      [early, early],
    ],
  ],
  [
    ['minAmount', 'maxAmount'],
    [
      ['10.00', '9.99'],
      ['2', '1.50'],
    ],
    [
      ['9.99', '10.00'],
      ['1.50', '1.5'],
    ],
  ],
] as const) {
  const [lower, upper] = fields;

  test(`every list refuses ${lower} beyond ${upper}, naming both, and takes them in order`, async (t) => {
    const { token, username } = await newAdmin(server());
    const paths = await pathsWith(...fields);
    t.true(paths.length >= 4, paths.join(' '));
    const ask = (path: string, least: string, most: string) => {
      const currency = lower === 'minAmount' ? { currency: 'GBP' } : undefined;
      const query = new URLSearchParams({ [lower]: least, [upper]: most, ...currency });
      return server().ask(`${path.replace('{username}', username)}?${query}`, { token });
    };
    for (const path of paths) {
      for (const [least, most] of wrong) {
        isRefused(t, await ask(path, least, most), 'VALIDATION_FAILED', { fields });
      }
      for (const [least, most] of right) {
        t.is((await ask(path, least, most)).status, 200, path);
      }
    }
  });
}

test('a bound that is none is told alone', async (t) => {
  const { token } = await newAdmin(server());
  for (const [query, code, field] of [
    ['since=2026-11-22T18:00:00Z&until=soon', 'VALIDATION_FAILED', 'until'],
    ['since=2026-11-22T24:00:00Z&until=2026-11-22T18:00:00Z', 'VALIDATION_FAILED', 'since'],
    ['since=2026-11-22T18:00:00Z&until=2026-11-21T24:00:00Z', 'VALIDATION_FAILED', 'until'],
    ['minAmount=5&maxAmount=1e3', 'INVALID_AMOUNT', 'maxAmount'],
    ['minAmount=-5&maxAmount=1', 'INVALID_AMOUNT', 'minAmount'],
    ['minAmount=01&maxAmount=0.5', 'INVALID_AMOUNT', 'minAmount'],
  ] as const) {
    isRefused(t, await server().ask(`/v1/payments?${query}`, { token }), code, { fields: [field] });
  }
});
