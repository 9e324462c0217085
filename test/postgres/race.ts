import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { balanceOf, newScript, pay } from '../api/support/people.js';
import { startTwo } from './support/two-servers.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    /** Between two payments of one lane, where the machine has something else to do. */
    'pause-ms': { type: 'string', default: '0' },
  },
});
const lanes = 16;

/** Two servers on one database race with opposed transfers between few people, for long; then the books are held against what was answered. */
async function race(): Promise<void> {
  const { url, one, other } = await startTwo();
  const people = await Promise.all([one, other, one, other].map((server) => newScript(server)));
  const endMs = performance.now() + Number(values.minutes) * 60_000;
  let paid = 0;
  let refused = 0;
  let repeated = 0;
  const racing = Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const [from, to] = [people[lane % people.length], people[(lane + 1) % people.length]];
      while (from && to && performance.now() < endMs) {
        const key = randomUUID();
        const server = lane % 2 === 0 ? one : other;
        const payOnce = () => pay(server, from, { to: to.username, amount: '0.01' }, key);
        let { status, text } = await payOnce();
        for (; status === 503; repeated += 1) {
          await pause(500);
          ({ status, text } = await payOnce());
        }
        if (status === 201) {
          paid += 1;
        } else if (text.includes('INSUFFICIENT_FUNDS')) {
          refused += 1;
        } else {
          throw new Error(text);
        }
        await pause(Number(values['pause-ms']));
      }
    }),
  );
  try {
    await racing;
  } catch (error) {
    const said = [one, other].map(({ stderr }) => stderr().slice(-2_000));
    throw new Error(`The race has ended early. The servers said:\n${said.join('\n')}`, { cause: error });
  }
  const balances = await Promise.all(people.map((person) => balanceOf(one, person)));
  const { payments, problems } = await checkDatabaseFile(url);
  await Promise.all([one.stop(), other.stop()]);
  process.stdout.write(
    `${paid} paid, ${refused} refused for want of funds, ${repeated} repeated after 503; balances ${balances.join(', ')}\n`,
  );
  if (problems.length > 0 || payments !== paid + people.length) {
    throw new Error(`${payments} payments are in the books. ${problems.join('; ')}`);
  }
}

await race();
process.exit(0);
