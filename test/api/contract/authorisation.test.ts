import test from 'ava';
import { serverForFile } from '../support/api-server.js';
import type { OpenApi } from '../support/contract.js';
import { runSql } from '../support/database.js';
import type { Person } from '../support/people.js';
import { type Cast, makeCast } from './authorisation/callers.js';
import { expectations, expectedCode } from './authorisation/expectations.js';
import { type MakeInput, makeInputs } from './authorisation/inputs.js';

const server = serverForFile(test, { environment: { PAY_WEBHOOKS_PRIVATE: 'true' } });

let cast: Cast;
let inputOf: (operationId: string) => MakeInput;

test.before('everybody is there', async () => {
  cast = await makeCast(server());
  inputOf = await makeInputs(server());
});

interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly security: unknown;
}

const operationsOf = ({ paths }: OpenApi): readonly Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      operationId: operation.operationId,
      security: operation.security,
      method: method.toUpperCase(),
      path,
    })),
  );

function operation(operationId: string): Operation {
  const found = operationsOf(server().contract.document).find((it) => it.operationId === operationId);
  if (!found) {
    throw new Error(`There is no ${operationId} any more: its expectation must go, too.`);
  }
  return found;
}

const filled = (path: string, values: Readonly<Record<string, string>>) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));

/** Makes something while its owner is active, for a frozen user makes nothing. */
async function whileActive<Made>({ username }: Person, make: () => Promise<Made>): Promise<Made> {
  const change = (status: string) =>
    server().ask(`/v1/admin/users/${username}`, {
      ...{ method: 'PATCH', token: cast.admin.token, send: { status, reason: 'to see what it does' } },
    });
  await change('active');
  const made = await make();
  await change('frozen');
  return made;
}

/** The traces of acts: two of these are equal where nothing was done in between but what a server does by itself. */
async function traces(): Promise<unknown> {
  return runSql(
    server(),
    `select (select count(*) || '/' || max(id) from audit) as acts,
            (select count(*) from payments) as payments,
            (select string_agg(status, ',' order by id) from requests) as requests,
            (select string_agg(cast(reminded_at as text), ',' order by id) from requests) as reminders,
            (select count(*) || '/' || string_agg(coalesce(cast(closed_at as text), cast(reminded_at as text), ''), ',' order by id) from collections) as collections,
            (select string_agg(status, ',' order by id) from webhooks) as webhooks,
            (select count(*) from blocks where ended_at is null) as blocks,
            (select string_agg(role || status || password_hash || coalesce(cast(one_time_until as text), ''), ',' order by id) from users) as users,
            (select count(*) from sessions where ended_at is null) as sessions,
            (select count(*) from tokens where revoked_at is null) as tokens`,
  );
}

test('every operation of the contract has an expectation, and every expectation an operation', (t) => {
  const published = operationsOf(server().contract.document).map(({ operationId }) => operationId);
  t.deepEqual(Object.keys(expectations).toSorted(), published.toSorted());
});

test('the contract says of each operation who may do it', (t) => {
  for (const { operationId, security } of operationsOf(server().contract.document)) {
    const { who } = expectations[operationId] ?? {};
    const role = who === 'expired' ? 'session' : who === 'admin-session' ? 'session and admin' : who;
    t.deepEqual(security, role === 'anyone' ? [] : [{ bearer: role?.split(' and ') }], operationId);
  }
});

for (const [operationId, expectation] of Object.entries(expectations)) {
  test.serial(`${operationId} does what it should for everybody`, async (t) => {
    const { method, path } = operation(operationId);
    for (const caller of cast.callers) {
      const make = () => inputOf(operationId)(caller);
      const input = await (caller.isFrozen ? whileActive(caller.owner, make) : make());
      const token =
        operationId === 'logOut' ? ((await caller.anotherSession?.()) ?? caller.token) : caller.token;
      const before = await traces();
      const { status, text, json } = await server().ask(
        filled(path, input.path ?? {}) + (input.query ?? ''),
        {
          ...input.asked,
          method,
          ...(token !== undefined && { token }),
        },
      );
      const expected = expectedCode(expectation, caller);
      t.is(
        status < 300 ? undefined : json?.code,
        expected,
        `${caller.name}: ${status} ${text.slice(0, 200)}`,
      );
      if (expected !== undefined && expected !== expectation.through) {
        t.deepEqual(await traces(), before, `${caller.name} was refused and changed something`);
      }
    }
  });
}
