import test from 'ava';
import { wrongCode } from '../../support/authenticator-app.js';
import { expectations } from '../contract/authorisation/expectations.js';
import { type MakeInput, makeInputs } from '../contract/authorisation/inputs.js';
import { newAdmin } from '../support/admins.js';
import { type ApiServer, serverForFile } from '../support/api-server.js';
import type { Reply } from '../support/client.js';
import { runSql } from '../support/database.js';
import { guarded, showing } from '../support/factors.js';
import type { Person } from '../support/people.js';
import { isRefused } from '../support/refusal.js';

const server = serverForFile(test, {
  environment: {
    PAY_ADMIN_SECOND_FACTOR: 'required',
    PAY_WEBHOOKS_PRIVATE: 'true',
    PAY_RATE_LIMITS: 'guessesAtPlace=1000/30',
  },
});

let inputOf: (operationId: string) => MakeInput;

test.before('inputs are there', async () => {
  inputOf = await makeInputs(server());
});

/** The operations with which administrators change something, or with `isReading` look at it. */
const ofAdmins = (who: 'admin' | 'admin-session') =>
  Object.keys(expectations).filter((operationId) => expectations[operationId]?.who === who);

async function call(
  { ask, contract }: ApiServer,
  operationId: string,
  admin: Person,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const [path = '', methods = {}] =
    Object.entries(contract.document.paths).find(([, all]) =>
      Object.values(all).some((operation) => operation.operationId === operationId),
    ) ?? [];
  const method = Object.keys(methods).find(
    (one) => (methods as Record<string, { operationId: string }>)[one]?.operationId === operationId,
  );
  const { path: values = {}, query = '', asked = {} } = await inputOf(operationId)({ owner: admin });
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  return ask(`${filled}${query}`, {
    ...{ ...asked, method: String(method).toUpperCase(), token: admin.token },
    headers: { ...asked.headers, ...headers },
  });
}

test('where it is required, an administrator without a second factor reads, and changes nothing', async (t) => {
  const admin = await newAdmin(server());
  for (const operationId of ofAdmins('admin-session')) {
    const refused = await call(server(), operationId, admin);
    isRefused(t, refused, 'SECOND_FACTOR_REQUIRED', {
      see: 'beginSecondFactor',
      detail: /Switch it on first/,
    });
    t.is(refused.json.reason, 'none');
  }
  t.is((await server().ask('/v1/admin/users', admin)).status, 200);
  t.is((await server().ask('/v1/admin/audit', admin)).status, 200);
  t.is((await server().ask('/v1/server')).json.policies.adminSecondFactor, 'required');
});

test('everything that an administrator changes takes a code, and counts a wrong one', async (t) => {
  const admin = await guarded(server(), await newAdmin(server()));
  const failures = async () =>
    Number(
      (await runSql(server(), "select max(failures) as most from guesses where key like 'place %'"))[0]
        ?.most ?? 0,
    );
  for (const operationId of ofAdmins('admin-session')) {
    isRefused(t, await call(server(), operationId, admin), 'SECOND_FACTOR_REQUIRED', {
      detail: /takes a code/,
    });
    const before = await failures();
    const wrong = showing(wrongCode(admin.secret)).headers;
    isRefused(t, await call(server(), operationId, admin, wrong), 'SECOND_FACTOR_REQUIRED', {
      detail: /wrong/,
    });
    t.is(await failures(), before + 1, operationId);
    const { headers } = await admin.shows();
    const done = await call(server(), operationId, admin, headers);
    const { through } = expectations[operationId] ?? {};
    t.true(
      through === undefined ? done.status < 300 : done.json.code === through,
      `${operationId}: ${done.text}`,
    );
    t.is(await failures(), through === undefined ? 0 : before + 1, operationId);
  }
});

test('what administrators look at takes none', async (t) => {
  const admin = await guarded(server(), await newAdmin(server()));
  for (const operationId of ofAdmins('admin')) {
    const seen = await call(server(), operationId, admin);
    t.is(seen.status, 200, `${operationId}: ${seen.text}`);
  }
});
