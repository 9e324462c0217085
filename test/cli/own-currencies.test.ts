import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type PayServer, startPayServer } from './support/pay-server.js';
import { type Person, registerInside } from './support/person.js';
import { makeFolder } from './support/run-pay.js';

const club = `ratesAsOf = "2026-11-20"
source = "the committee"
[currencies]
GBP = {}
[currencies.PTS]
name = "Points"
digits = 1
rate = "100"
[currencies.HRS]
name = "Hours"
digits = 0
`;

let server: PayServer;
let pat: Person;

test.serial.before('a server with points', async () => {
  const file = join(await makeFolder(), 'club.toml');
  await writeFile(file, club);
  server = await startPayServer({ PAY_CURRENCIES: file, PAY_OPENING_CREDIT: '10.00 GBP' });
  pat = await registerInside(server, 'pat', 'PTS');
  await registerInside(server, 'quin', 'PTS');
  await registerInside(server, 'ruth', 'GBP');
  await registerInside(server, 'hugo', 'HRS');
});

test.after.always('it stops', () => server.stop());

test.serial('points are shown, converted and sent', async (t) => {
  t.deepEqual(await pat.json('balance'), { amount: '1000.0', currency: 'PTS' });
  t.like(await pat.json('convert', '1.50', 'GBP', 'PTS'), { converted: '150.0', ratesAsOf: '2026-11-20' });
  t.like(await pat.json('send', 'ruth', '50', '--yes'), {
    received: { amount: '0.50', currency: 'GBP' },
    ratesAsOf: '2026-11-20',
    ratesSource: 'the committee',
  });
  const rates = await pat.pay('rates');
  t.is(rates.status, 0);
  t.regex(rates.stdout, /^HRS\t\t0\tHours$/m);
  t.regex(rates.stdout, /^PTS\t100\t1\tPoints$/m);
});

test.serial('a bill in points is shared, though no table of the command line knows them', async (t) => {
  const { status, stderr } = await pat.pay('request', 'quin', 'ruth', '10.1', '--split', '--yes');
  t.is(status, 0, stderr);
  const asked = (await pat.json('requests', '--all')) as { amount: { amount: string } }[];
  t.deepEqual(asked.map(({ amount }) => amount.amount).sort(), ['5.0', '5.1']);
});

test.serial('what has no rate is a refusal of its own', async (t) => {
  const { status, stderr } = await pat.pay('send', 'hugo', '1', '--yes');
  t.is(status, 1);
  t.regex(stderr, /HRS has no rate/);
  t.regex(stderr, /pay rates/);
});
