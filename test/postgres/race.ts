import { parseArgs } from 'node:util';
import { checkDatabaseFile } from '../../server/features/books/check-database.js';
import { balanceOf, newScript, pay } from '../api/support/people.js';
import { startTwo } from './support/two-servers.js';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' } } });
const lanes = 16;

/** Two servers on one database race with opposed transfers between few people, for long; then the books are held against what was answered. */
async function race(): Promise<void> {
  const { url, one, other } = await startTwo();
  const people = await Promise.all([one, other, one, other].map((server) => newScript(server)));
  const endMs = performance.now() + Number(values.minutes) * 60_000;
  let paid = 0;
  let refused = 0;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const [from, to] = [people[lane % people.length], people[(lane + 1) % people.length]];
      while (from && to && performance.now() < endMs) {
        const { status, text } = await pay(lane % 2 === 0 ? one : other, from, {
          to: to.username,
          amount: '0.01',
        });
        if (status === 201) {
          paid += 1;
        } else if (text.includes('INSUFFICIENT_FUNDS')) {
          refused += 1;
        } else {
          throw new Error(text);
        }
      }
    }),
  );
  const balances = await Promise.all(people.map((person) => balanceOf(one, person)));
  const { payments, problems } = await checkDatabaseFile(url);
  await Promise.all([one.stop(), other.stop()]);
  process.stdout.write(
    `${paid} paid, ${refused} refused for want of funds; balances ${balances.join(', ')}\n`,
  );
  if (problems.length > 0 || payments !== paid + people.length) {
    throw new Error(`${payments} payments are in the books. ${problems.join('; ')}`);
  }
}

await race();
process.exit(0);
