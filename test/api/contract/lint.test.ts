import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral from '@stoplight/spectral-core';
import owasp from '@stoplight/spectral-owasp-ruleset';
import test from 'ava';
import { sharedServer } from '../support/api-server.js';

const server = sharedServer(test);

const off = 'off' as const;

/** The rules of the OWASP ruleset that do not fit this API, each with the reason. */
const notForUs = {
  // The headers come with the answer 429, where they say something: a limit that is not reached is told by /v1/server.
  'owasp:api4:2023-rate-limit': off,
  // No answer has CORS headers, so no page of another origin reads any: to declare the header would say that some do.
  'owasp:api8:2023-define-cors-origin': off,
  // Memos, names and reasons are free text in any script; control characters are refused, which no pattern of JSON Schema says.
  'owasp:api4:2023-string-restricted': off,
  // What anyone may call has no 401, and reading what is public needs no credential; what writes is looked at below.
  'owasp:api8:2023-define-error-responses-401': off,
  'owasp:api2:2023-read-restricted': off,
};

/** What a person does before there is a credential, bounded by limits of rate. */
const openToAnyone = ['/v1/users', '/v1/users/check', '/v1/sessions'];

test('the contract passes the OWASP ruleset of Spectral', async (t) => {
  const linter = new spectral.Spectral();
  linter.setRuleset({ extends: [[owasp, 'all']], rules: notForUs } as never);
  const found = await linter.run(server().contract.document as never);
  const isMeant = (code: string | number, path: string) =>
    code === 'owasp:api2:2023-write-restricted' && openToAnyone.includes(path);
  t.deepEqual(
    found
      .filter(({ code, path, severity }) => severity === 0 && !isMeant(code, String(path[1])))
      .map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`)
      .slice(0, 20),
    [],
  );
});

test('the contract passes Redocly as it is recommended', async (t) => {
  const config = await createConfig({ extends: ['recommended'], telemetry: 'off' });
  const source = JSON.stringify(server().contract.document);
  const found = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  t.deepEqual(
    found.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`),
    [],
  );
});

test('a fault in the contract would be found by both', async (t) => {
  const document = structuredClone(server().contract.document) as {
    paths: Record<string, Record<string, { security?: unknown; responses?: unknown }>>;
  };
  const operation = document.paths['/v1/payments']?.post;
  t.truthy(operation);
  Object.assign(operation ?? {}, { security: [], operationId: 'listPayments' });
  const linter = new spectral.Spectral();
  linter.setRuleset({
    extends: [[owasp, 'off']],
    rules: { 'owasp:api2:2023-write-restricted': 'error' },
  } as never);
  const bySpectral = await linter.run(document as never);
  t.true(bySpectral.some(({ path }) => path[1] === '/v1/payments'));
  const config = await createConfig({ extends: ['recommended'], telemetry: 'off' });
  const byRedocly = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: 'openapi.json',
    config,
  });
  t.true(byRedocly.some(({ ruleId }) => ruleId === 'operation-operationId-unique'));
});
