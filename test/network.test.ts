import test from 'ava';
import { clientAddress, makeProxyList } from '../server/network.js';

const proxies = makeProxyList(['10.0.0.0/8', '2001:db8::/32']);

test('a request comes from whom trusted proxies name, back to the first that is not trusted', (t) => {
  t.is(clientAddress('203.0.113.7', '198.51.100.1', proxies), '203.0.113.7');
  t.is(clientAddress('10.0.0.1', '192.0.2.9, 198.51.100.1, 10.0.0.2', proxies), '198.51.100.1');
  t.is(clientAddress('::ffff:10.0.0.1', ['192.0.2.9', '198.51.100.1'], proxies), '198.51.100.1');
  t.is(clientAddress('10.0.0.1', 'nobody', proxies), '10.0.0.1');
  t.is(clientAddress('10.0.0.1', undefined, proxies), '10.0.0.1');
  t.is(clientAddress('10.0.0.1', '198.51.100.1', undefined), '10.0.0.1');
});

test('the zone of an address is nobody’s place, and not kept', (t) => {
  const zone = 'z'.repeat(3_000);
  t.is(clientAddress(`fe80::1%${zone}`, undefined, proxies), 'fe80::1');
  t.is(clientAddress('10.0.0.1', `fe80::1%${zone}`, proxies), 'fe80::1');
  t.is(clientAddress('2001:db8::5%eth0', '198.51.100.1', proxies), '198.51.100.1');
});

for (const [said, address] of [
  ['198.51.100.1:5678', '198.51.100.1'],
  ['192.0.2.9, 198.51.100.1:5678', '198.51.100.1'],
  ['[2a01:db8::1]:443', '2a01:db8::1'],
  ['[2a01:db8::1]', '2a01:db8::1'],
  ['2a01:db8::1', '2a01:db8::1'],
  ['::ffff:0102:0304', '1.2.3.4'],
  ['::FFFF:c633:6401', '198.51.100.1'],
  ['[::ffff:198.51.100.1]:80', '198.51.100.1'],
  ['::ffff:1:2:3', '::ffff:1:2:3'],
  ['[fe80::1%eth0]:80', 'fe80::1'],
] as const) {
  test(`a proxy that says ${said} means ${address}`, (t) => {
    t.is(clientAddress('10.0.0.1', said, proxies), address);
  });
}

test('what has no form of an address is nobody, whatever stands around it', (t) => {
  for (const said of [
    '[198.51.100.1',
    '198.51.100.1:',
    '198.51.100:80',
    '[]:80',

    '1.2.3.4:80:80',
  ]) {
    t.is(clientAddress('10.0.0.1', said, proxies), '10.0.0.1', said);
  }
});
