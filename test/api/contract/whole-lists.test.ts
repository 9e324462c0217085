import { randomUUID } from 'node:crypto';
import test from 'ava';
import { startReceiver } from '../../features/webhooks/support/receiver.js';
import { areSettled, deliveriesWhen, hook, makeWebhook } from '../../features/webhooks/support/webhooks.js';
import { newAdmin } from '../support/admins.js';
import { serverForFile } from '../support/api-server.js';
import { parseCsv } from '../support/csv.js';
import { freshName, newPerson, pay, register } from '../support/people.js';

const serverOf = serverForFile(test, { environment: { PAY_WEBHOOKS_PRIVATE: 'true' } });

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

/** The paths of the document whose GET gives pages, each with its media types. */
function listsOf({ document }: { readonly document: unknown }): ReadonlyMap<string, readonly string[]> {
  const { paths } = document as { paths: Readonly<Record<string, { readonly get?: Operation }>> };
  return new Map(
    Object.entries(paths).flatMap(([path, { get }]) => {
      const content = get?.responses['200']?.content;
      const isList = /"\$ref":"[^"]*Page"/.test(JSON.stringify(content?.['application/json'] ?? null));
      return content && isList ? [[path, Object.keys(content)] as const] : [];
    }),
  );
}

/** The text that a member of an item has in its cell; undefined for what is taken apart. */
function cellOf(value: unknown): string | undefined {
  if (value === null) {
    return '';
  }
  if (Array.isArray(value)) {
    return value.join(' ');
  }
  return typeof value === 'object' ? undefined : String(value);
}

test('every list is given whole, as CSV and as lines of JSON, whatever the length of a page', async (t) => {
  const server = serverOf();
  const receiver = await startReceiver(t);
  const { ask } = server;
  const [admin, bob] = [await newAdmin(server), await newPerson(server)];
  const ofAdmin = (send: object) => ({ token: admin.token, key: randomUUID(), send });
  const blocked = await Promise.all([1, 2].map(async () => (await register(server)).json.username));
  const webhooks: { readonly id: string }[] = [];
  for (const place of [0, 1]) {
    const request = { from: bob.username, amount: `${place + 1}.50`, memo: '=a, "b"' };
    t.is((await ask('/v1/requests', ofAdmin(request))).status, 201);
    t.is(
      (
        await ask(
          '/v1/collections',
          ofAdmin({ name: `trip ${place}`, amount: '45', from: [bob.username, ...blocked] }),
        )
      ).status,
      201,
    );
    t.is(
      (await ask('/v1/tokens', ofAdmin({ name: `script ${place}`, scopes: ['read', 'pay'] }))).status,
      201,
    );
    t.is((await ask('/v1/admin/invitations', ofAdmin({ note: `class ${place}` }))).status, 201);
    const block = { method: 'PUT', token: admin.token } as const;
    t.is((await ask(`/v1/blocks/${blocked[place]}`, block)).status, 204);
    const types = ['payment.received', 'request.paid'];
    webhooks.push((await makeWebhook(server, admin, hook(receiver, `/${place}`), types)).json);
  }
  const limit = { method: 'PUT', token: admin.token, send: { perDay: '900', reason: 'careful' } } as const;
  t.is((await ask('/v1/admin/limits/currencies/GBP', limit)).status, 200);
  t.is((await pay(server, bob, { to: admin.username, amount: '1.00' })).status, 201);
  const [webhook = { id: '' }] = webhooks;
  await deliveriesWhen(server, admin, webhook.id, areSettled);

  const lists = listsOf(server.contract);
  t.true(lists.size >= 14, [...lists.keys()].join());
  for (const [path, mediaTypes] of lists) {
    t.deepEqual(mediaTypes.toSorted(), ['application/json', 'application/x-ndjson', 'text/csv'], path);
    const at = path.replace('{id}', webhook.id);
    const whole = async (accept: string, query = '') =>
      ask(`${at}?limit=1${query}`, { token: admin.token, headers: { accept } });
    const { data, nextCursor } = (await ask(`${at}?limit=100`, { token: admin.token })).json;
    t.true(data.length > 0, path);
    t.is(nextCursor, null, path);
    const lines = await whole('application/x-ndjson');
    t.is(lines.status, 200, `${path}: ${lines.text}`);
    t.deepEqual(
      lines.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
      data,
      path,
    );
    const csv = await whole('text/csv');
    t.is(csv.status, 200, path);
    t.regex(String(csv.headers['content-type']), /^text\/csv/, path);
    const records = parseCsv(csv.text);
    t.is(records.length, data.length, path);
    for (const [index, item] of data.entries()) {
      for (const [column, cell] of Object.entries(records[index] ?? {})) {
        const expected = column in item ? cellOf(item[column]) : undefined;
        if (expected !== undefined && !/^[=+@-]/.test(expected)) {
          t.is(cell, expected, `${path} ${column}`);
        }
      }
      // The history has the columns of a bank statement.
      const missing = Object.keys(item).filter(
        (member) => cellOf(item[member]) !== undefined && !(member in (records[index] ?? {})),
      );
      t.true(path.endsWith('/payments') || missing.length === 0, `${path}: ${missing}`);
    }
  }
});

test('what a cell of any list begins runs in no spreadsheet, and money has its currency beside it', async (t) => {
  const server = serverOf();
  const [alice, bob] = [await newPerson(server), await newPerson(server, 'USD')];
  const send = { from: bob.username, amount: '12.5', memo: '=1+1' };
  t.is((await server.ask('/v1/requests', { token: alice.token, key: randomUUID(), send })).status, 201);
  const headers = { accept: 'text/csv' };
  const csv = await server.ask('/v1/requests', { token: alice.token, headers });
  const [record] = parseCsv(csv.text);
  t.like(record, { payer: bob.username, amount: '12.50', currency: 'GBP', status: 'pending' });
  t.false(record?.memo?.startsWith('='), csv.text);
  t.true(record?.memo?.endsWith('=1+1'), csv.text);
  const none = await server.ask(`/v1/requests?with=${freshName()}`, { token: alice.token, headers });
  t.deepEqual([none.status, parseCsv(none.text)], [200, []]);
  t.is(none.text.split('\r\n').length, 2);
});
