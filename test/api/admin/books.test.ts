import test from 'ava';
import { realAdmin } from '../support/admins.js';
import { serverForFile } from '../support/api-server.js';
import { changeRows, numberOf } from '../support/database.js';
import { asScript, newPerson, newScript, type Person, pay } from '../support/people.js';

const server = serverForFile(test);

let admin: Person;

test.before(async () => {
  admin = await realAdmin(server());
});

const booksFor = ({ token }: Person) => server().ask('/v1/admin/ledger', { token });

test.serial('an administrator is told what stands in each currency, and that all is right', async (t) => {
  const [alice, bob] = [await newScript(server()), await newScript(server(), 'USD')];
  t.is((await pay(server(), alice, { to: bob.username, amount: '100.00' })).status, 201);
  const { status, json } = await booksFor(admin);
  t.is(status, 200);
  const { currencies, ...books } = json;
  // Three opening credits of two entries, one conversion of four.
  t.deepEqual(books, { balanced: true, payments: 4, entries: 10, problems: [], problemCount: 0 });
  t.deepEqual(currencies, [
    { currency: 'GBP', sum: '0.00', issued: '2000.00', users: '1900.00', exchange: '100.00' },
    { currency: 'USD', sum: '0.00', issued: '1270.00', users: '1397.00', exchange: '-127.00' },
  ]);
});

test.serial('nobody else is told anything', async (t) => {
  const person = await newPerson(server());
  t.is((await booksFor(person)).json.code, 'FORBIDDEN');
  t.is((await server().ask('/v1/admin/ledger')).json.code, 'UNAUTHENTICATED');
  const script = await asScript(server(), admin);
  t.is((await booksFor(script)).json.code, 'FORBIDDEN');
});

test.serial(
  'the books are right at every moment while people pay, and nobody waits for those who look',
  async (t) => {
    const people = await Promise.all(
      ['GBP', 'USD', 'GBP', 'JPY'].map((currency) => newScript(server(), currency)),
    );
    let isOver = false;
    let paid = 0;
    async function keepPaying(from: Person, place: number): Promise<void> {
      while (!isOver) {
        const to = people[(place + 1) % people.length] as Person;
        const { status } = await pay(server(), from, {
          to: to.username,
          amount: from.currency === 'JPY' ? '100' : '0.50',
        });
        t.is(status, 201);
        paid += 1;
      }
    }
    const paying = Promise.all(people.map(keepPaying));
    const counts: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const before = paid;
      const { status, json } = await booksFor(admin);
      t.is(status, 200);
      t.deepEqual(json.problems, []);
      t.true(paid > before, 'somebody was paid meanwhile');
      counts.push(json.payments);
    }
    isOver = true;
    await paying;
    t.deepEqual(
      counts.toSorted((one, other) => one - other),
      counts,
    );
    t.true((counts.at(-1) ?? 0) > (counts[0] ?? 0));
  },
);

test.serial('many who ask at once are told the same', async (t) => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => booksFor(admin)));
  t.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200]));
  t.is(new Set(replies.map(({ text }) => text)).size, 1);
});

test.serial('a balance that was changed behind the back of the server is found', async (t) => {
  const alice = await newPerson(server());
  await changeRows(server(), 'update accounts set balance = balance + 1 where user_id = ?', [
    numberOf(alice.id),
  ]);
  const { json } = await booksFor(admin);
  await changeRows(server(), 'update accounts set balance = balance - 1 where user_id = ?', [
    numberOf(alice.id),
  ]);
  t.false(json.balanced);
  t.is(json.problemCount, json.problems.length);
  t.true(
    json.problems.some((problem: string) =>
      /has a balance of 1000\.01 GBP, its entries give 1000\.00 GBP/.test(problem),
    ),
  );
  t.true(json.problems.some((problem: string) => /GBP: all accounts together hold 0\.01 GBP/.test(problem)));
  t.true((await booksFor(admin)).json.balanced);
});
