import test from 'ava';
import { resolveHost } from '../../../../server/features/webhooks/endpoint/resolve-host.js';
import {
  ForbiddenTarget,
  makeTargetPolicy,
} from '../../../../server/features/webhooks/endpoint/target-policy.js';

const onTheInternet = makeTargetPolicy({ allowsPrivate: false, resolveHost });

const resolving = (...addresses: string[]) =>
  makeTargetPolicy({ allowsPrivate: false, resolveHost: async () => addresses });

const disguises = [
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://127.0.0.1./',
  'https://１２７.0.0.1/',
  'https://0/',
  'https://0.0.0.0/',
  'https://169.254.169.254/latest/meta-data',
  'https://100.64.0.1/',
  'https://[::]/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::7f00:1]/',
  'https://[64:ff9b::127.0.0.1]/',
  'https://[2002:7f00:1::]/',
  'https://[fc00::1]/',
  'https://[fe80::1]/',
  'https://localhost/',
  'https://LOCALHOST:8443/',
  'https://localhost./',
  'https://pay.localhost/',
];

for (const text of disguises) {
  test(`${text} leads inside and is refused`, async (t) => {
    await t.throwsAsync(onTheInternet.addressesOf(new URL(text)), {
      instanceOf: ForbiddenTarget,
      message: 'leads to an address that is not on the public internet',
    });
  });
}

test('a public address is reached as it stands, whatever its spelling', async (t) => {
  t.deepEqual(await onTheInternet.addressesOf(new URL('https://8.8.8.8/hook')), ['8.8.8.8']);
  t.deepEqual(await onTheInternet.addressesOf(new URL('https://134744072/hook')), ['8.8.8.8']);
  t.deepEqual(await onTheInternet.addressesOf(new URL('https://[2606:4700:4700::1111]/')), [
    '2606:4700:4700::1111',
  ]);
});

test('one private address among public ones is enough to refuse a name', async (t) => {
  const url = new URL('https://hooks.example.org/');
  t.deepEqual(await resolving('8.8.8.8', '2606:4700::1').addressesOf(url), ['8.8.8.8', '2606:4700::1']);
  for (const inside of ['10.0.0.1', '::1', '::ffff:8.8.8.8', 'fe80::1%eth0']) {
    await t.throwsAsync(
      resolving('8.8.8.8', inside).addressesOf(url),
      { instanceOf: ForbiddenTarget },
      inside,
    );
  }
});

test('a name without an address is refused', async (t) => {
  await t.throwsAsync(resolving().addressesOf(new URL('https://hooks.example.org/')), {
    instanceOf: ForbiddenTarget,
    message: 'names a host that cannot be found',
  });
});

test('what is not https is refused before anything is looked up', async (t) => {
  const targets = makeTargetPolicy({
    allowsPrivate: false,
    resolveHost: async (host) => t.fail(`${host} was looked up`) as never,
  });
  for (const text of ['http://hooks.example.org/', 'ftp://hooks.example.org/']) {
    await t.throwsAsync(targets.addressesOf(new URL(text)), { message: 'must begin with https://' });
  }
});

test('an operator who allows it lets webhooks lead anywhere, and over http', async (t) => {
  const anywhere = makeTargetPolicy({ allowsPrivate: true, resolveHost });
  t.deepEqual(await anywhere.addressesOf(new URL('http://127.0.0.1:3000/')), ['127.0.0.1']);
  t.deepEqual(await anywhere.addressesOf(new URL('http://localhost:3000/')), ['127.0.0.1', '::1']);
  t.deepEqual(await anywhere.addressesOf(new URL('https://[::1]/')), ['::1']);
  await t.throwsAsync(anywhere.addressesOf(new URL('ftp://127.0.0.1/')), { instanceOf: ForbiddenTarget });
});
