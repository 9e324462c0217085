import { balanceOf, newScript, type Person } from '../api/support/people.js';
import { testWith } from '../support/needs.js';
import { needsPostgres } from '../support/on-postgres.js';
import { makePostgresDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';
import { type OneOfSeveral, startOn } from './support/two-servers.js';

const most = 128;
/** So much of what one takes may not be known to the other yet. */
const mostUntold = most / 64;

const ask = (server: OneOfSeveral, { token }: Pick<Person, 'token'>) => server.ask('/v1/me', { token });

/** What is left, as an answer says it. */
const leftOf = ({ headers }: Awaited<ReturnType<typeof ask>>) =>
  Number(/"caller";r=(\d+)/.exec(String(headers.ratelimit))?.[1]);

/** Waits until what is asked of one server is known to another, by somebody of whom nothing else is asked; what was told before is known by then, too. */
async function newsHasTravelled(from: OneOfSeveral, to: OneOfSeveral, person: Person): Promise<void> {
  let asked = 0;
  let before = Number.NaN;
  await until('one hears of what is asked of the other', async () => {
    await ask(from, person);
    const left = leftOf(await ask(to, person));
    before = Number.isNaN(before) ? left : before;
    asked += 1;
    return left <= before - asked;
  });
}

testWith(needsPostgres)(
  'whoever spreads requests over two servers may do no more than on one, and nobody else is kept out',
  async (t) => {
    const url = await makePostgresDatabase();
    const limits = { PAY_RATE_LIMITS: `caller=${most}/600` };
    const one = await startOn(url, limits);
    const other = await startOn(url, limits);
    t.teardown(() => Promise.all([one.stop(), other.stop()]));
    const [alice, bob, carol, dave] = await Promise.all([
      newScript(one),
      newScript(other),
      newScript(one),
      newScript(one),
    ]);
    await newsHasTravelled(one, other, carol);
    await newsHasTravelled(other, one, carol);

    const begun = leftOf(await ask(one, alice));
    let granted = 1;
    for (; granted < begun / 2; granted += 1) {
      t.is((await ask(one, alice)).status, 200);
    }
    // What is asked of the other while it has not heard of that yet counts as well.
    await until('the other has heard of it', async () => {
      const reply = await ask(other, alice);
      granted += reply.status === 200 ? 1 : 0;
      return leftOf(reply) <= most - granted + mostUntold;
    });
    for (;;) {
      const { status } = await ask(other, alice);
      if (status === 429) {
        break;
      }
      t.is(status, 200);
      granted += 1;
    }
    t.true(granted <= begun + 1 + mostUntold, `${granted} of ${begun} were granted`);
    // What is on its way to the first while it is asked would be granted beyond what is untold.
    await newsHasTravelled(other, one, dave);
    await until('the first has heard of it, too', async () => {
      const { status } = await ask(one, alice);
      granted += status === 200 ? 1 : 0;
      return status === 429;
    });
    t.true(granted <= begun + 1 + 2 * mostUntold, `${granted} of ${begun} were granted`);
    t.is(await balanceOf(one, bob), '1000.00');
    t.is(await balanceOf(other, bob), '1000.00');
  },
);
