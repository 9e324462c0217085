import test from 'ava';
import { newAdmin } from '../support/admins.js';
import { sharedServer } from '../support/api-server.js';
import type { Person } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = sharedServer(test);

let admin: Person;

test.before('there is an administrator', async () => {
  admin = await newAdmin(server());
});

interface Schema {
  readonly pattern?: string;
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

const schemaOf = (name: string) => server().contract.document.components.schemas[name] as Schema;

/** Whether a text of a body fits what the contract says of its form. */
function fits(name: string, field: string, text: string): boolean {
  const { pattern, allOf = [] } = schemaOf(name).properties?.[field] ?? {};
  return [pattern, ...allOf.map((part) => part.pattern)].every(
    (one) => one === undefined || new RegExp(one, 'u').test(text),
  );
}

async function refuses(t: Parameters<typeof isRefused>[0], method: string, path: string, send: object) {
  const headers = { 'idempotency-key': 'once' };
  isRefused(t, await server().ask(path, { method, headers, token: admin.token, send }), 'VALIDATION_FAILED');
}

const reason = 'as agreed';

const texts: readonly (readonly [string, string, string, string, object])[] = [
  ['CreateInvitations', 'note', 'POST', '/v1/admin/invitations', {}],
  ['CreateCollection', 'name', 'POST', '/v1/collections', { amount: '1.00', from: ['alice'] }],
  ['UserChange', 'reason', 'PATCH', '/v1/admin/users/nobody-at-all', { role: 'user' }],
];

for (const [name, field, method, path, others] of texts) {
  test(`the contract says that the ${field} of ${name} is not blank`, async (t) => {
    t.true(fits(name, field, ' \n5b\t'));
    for (const blank of ['', ' \t\n', '\u00a0\u2003\ufeff']) {
      t.false(fits(name, field, blank));
      await refuses(t, method, path, { ...others, [field]: blank });
    }
  });
}

test('the contract says that a webhook’s URL has no fragment', async (t) => {
  const url = 'https://shop.example.org/hooks/pay?of=1';
  t.true(fits('CreateWebhook', 'url', url));
  t.false(fits('CreateWebhook', 'url', `${url}#part`));
  await refuses(t, 'POST', '/v1/webhooks', { url: `${url}#part`, types: ['*'] });
});

test('the contract says that what is listed is named once', async (t) => {
  const webhook = { url: 'https://shop.example.org/hooks/pay', types: ['request.paid', 'request.paid'] };
  t.like(schemaOf('CreateToken').properties?.scopes, { uniqueItems: true });
  await refuses(t, 'POST', '/v1/tokens', { name: 'script', scopes: ['read', 'read'] });
  t.like(schemaOf('CreateWebhook').properties?.types, { uniqueItems: true });
  await refuses(t, 'POST', '/v1/webhooks', webhook);
});

test('the contract says that a change changes something', async (t) => {
  // The reason is one of the properties.
  t.like(schemaOf('UserChange'), { minProperties: 2 });
  await refuses(t, 'PATCH', '/v1/admin/users/nobody-at-all', { reason });
  t.like(schemaOf('CurrencyLimitChange'), { minProperties: 2 });
  await refuses(t, 'PUT', '/v1/admin/limits/currencies/GBP', { reason });
  t.like(schemaOf('UserLimitChange'), { minProperties: 2 });
  await refuses(t, 'PUT', '/v1/admin/limits/users/nobody-at-all', { reason });
  t.like(schemaOf('ProfileChange'), {
    anyOf: [{ required: ['email'] }, { required: ['displayName'] }],
    dependentRequired: { email: ['currentPassword'] },
  });
  await refuses(t, 'PATCH', '/v1/me', {});
  await refuses(t, 'PATCH', '/v1/me', { email: 'alice@example.org' });
});
