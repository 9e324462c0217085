import test from 'ava';
import { Failure } from '../../../cli/failure/failure.js';
import { type AccountSources, chooseAccount } from '../../../cli/settings/account.js';
import type { Config } from '../../../cli/settings/config-file.js';
import { serverAddress } from '../../../cli/settings/server-address.js';

const alice = { server: 'https://a.example', username: 'alice', currency: 'GBP' };
const bob = { server: 'https://b.example', username: 'bob', currency: 'USD' };
const config: Config = { current: 'alice', profiles: { alice, bob }, pins: {} };

function choose(
  flags: AccountSources['flags'],
  environment: AccountSources['environment'] = {},
  from = config,
) {
  return chooseAccount(from, { flags, environment });
}

test('without flags or variables it is the current profile, and without one the default server', (t) => {
  t.deepEqual(choose({}), { server: alice.server, profileName: 'alice', profile: alice });
  t.deepEqual(choose({}, {}, { profiles: {}, pins: {} }), { server: 'https://127.0.0.1:8443' });
  t.deepEqual(choose({}, {}, { current: 'gone', profiles: {}, pins: {} }), {
    server: 'https://127.0.0.1:8443',
  });
});

test('a flag beats the environment, which beats the current profile', (t) => {
  t.is(choose({}, { PAY_PROFILE: 'bob' }).profileName, 'bob');
  t.is(choose({ profile: 'alice' }, { PAY_PROFILE: 'bob' }).profileName, 'alice');
  t.is(
    choose({ server: 'https://a.example' }, { PAY_SERVER: 'https://b.example' }).server,
    'https://a.example',
  );
  t.is(choose({ profile: 'bob' }, { PAY_SERVER: 'https://a.example' }).server, 'https://b.example');
  t.is(choose({ server: 'https://a.example' }, { PAY_PROFILE: 'bob' }).profileName, 'alice');
});

test('a session is never given for another server than its own', (t) => {
  t.deepEqual(choose({ server: 'https://c.example' }), { server: 'https://c.example' });
  t.deepEqual(choose({}, { PAY_SERVER: 'https://b.example' }), {
    server: bob.server,
    profileName: 'bob',
    profile: bob,
  });
  const error = t.throws(() => choose({ server: 'https://b.example', profile: 'alice' }), {
    instanceOf: Failure,
  });
  t.is(error?.kind, 'usage');
});

test('of several profiles on the server that alone was named none is taken, but for the current one', (t) => {
  const carol = { ...bob, username: 'carol' };
  const several: Config = { current: 'alice', profiles: { alice, bob, carol }, pins: {} };
  const chosen = { server: bob.server, candidates: ['bob', 'carol'] };
  t.deepEqual(choose({ server: bob.server }, {}, several), chosen);
  t.deepEqual(choose({}, { PAY_SERVER: bob.server }, several), chosen);
  t.deepEqual(choose({ server: bob.server }, {}, { profiles: several.profiles, pins: {} }), chosen);
  t.is(choose({ server: bob.server }, {}, { ...several, current: 'carol' }).profileName, 'carol');
  t.is(choose({ server: alice.server }, {}, { ...several, current: 'carol' }).profileName, 'alice');
});

test('a profile that is not there yet is a name on the server that was asked for', (t) => {
  t.deepEqual(choose({ profile: 'new', server: 'c.example' }), {
    server: 'https://c.example',
    profileName: 'new',
  });
  t.deepEqual(choose({ profile: 'constructor' }), {
    server: 'https://127.0.0.1:8443',
    profileName: 'constructor',
  });
});

test('an address may leave https:// out and is brought to one form', (t) => {
  t.is(serverAddress('pay.example.org', '--server'), 'https://pay.example.org');
  t.is(serverAddress('HTTPS://Pay.Example.org:443/', '--server'), 'https://pay.example.org');
  t.is(serverAddress('localhost:8443', '--server'), 'https://localhost:8443');
  t.is(serverAddress('[::1]:8443', '--server'), 'https://[::1]:8443');
});

test('plain http and what is no address are refused as usage', (t) => {
  for (const text of [
    'http://pay.example.org',
    'ftp://x',
    'https://',
    'https://u:p@x',
    'https://x/path',
    'https://x?q',
    'a b',
  ]) {
    const error = t.throws(() => serverAddress(text, '--server'), { instanceOf: Failure }, text);
    t.is(error?.kind, 'usage');
  }
});
