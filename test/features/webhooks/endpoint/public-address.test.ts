import test from 'ava';
import fc from 'fast-check';
import { makePublicAddressJudge } from '../../../../server/features/webhooks/endpoint/public-address.js';

const isPublic = makePublicAddressJudge();

const inside = {
  'this network': ['0.0.0.0', '0.255.255.255'],
  private: ['10.0.0.1', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  'behind a carrier': ['100.64.0.0', '100.127.255.255'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  'link-local, where clouds keep their metadata': ['169.254.0.0', '169.254.169.254', 'fe80::1', 'febf::1'],
  'protocol assignments': ['192.0.0.1', '192.0.0.170', '2001::1', '2001:1ff:ffff::1'],
  documentation: ['192.0.2.1', '198.51.100.255', '203.0.113.9', '2001:db8::1', '3fff::1'],
  '6to4 and its relays': ['192.88.99.1', '2002:7f00:1::', '2002:808:808::1'],
  benchmarks: ['198.18.0.0', '198.19.255.255', '2001:2::1'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
  'reserved and broadcast': ['240.0.0.1', '255.255.255.255'],
  unspecified: ['0.0.0.0', '::'],
  'unique local and site-local': ['fc00::1', 'fdff:ffff::1', 'fec0::1'],
  'IPv4 inside IPv6': [
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::10.1.2.3',
    '64:ff9b:1::8.8.8.8',
  ],
  'discard and segment routing': ['100::1', '5f00::1'],
  'no addresses': [
    '',
    'localhost',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '[::1]',
    'fe80::1%eth0',
    '8.8.8.8/32',
  ],
};

for (const [what, addresses] of Object.entries(inside)) {
  test(`not public: ${what}`, (t) => {
    t.deepEqual(addresses.filter(isPublic), []);
  });
}

test('the rest of the internet is public, up to the edges of what is not', (t) => {
  const outside = [
    ...[
      '1.0.0.0',
      '8.8.8.8',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
    ],
    ...['128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.0'],
    ...['192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255'],
    ...['2000::1', '2001:200::1', '2003::1', '2606:4700:4700::1111', '2a00:1450::1', '3ffe::1'],
    '64:ff9b::8.8.8.8',
  ];
  t.deepEqual(
    outside.filter((address) => !isPublic(address)),
    [],
  );
});

test('an address inside a NAT64 address is judged as it is by itself', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.ipV4(), (address) => isPublic(`64:ff9b::${address}`) === isPublic(address)),
      { numRuns: 2_000 },
    ),
  );
});

test('outside of 2000::/3 and NAT64 nothing of IPv6 is public', (t) => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const elsewhere = fc
    .tuple(group, fc.array(group, { minLength: 7, maxLength: 7 }))
    .filter(([first]) => (first < 0x2000 || first > 0x3fff) && first !== 0x64)
    .map(([first, others]) => [first, ...others].map((part) => part.toString(16)).join(':'));
  t.notThrows(() =>
    fc.assert(
      fc.property(elsewhere, (address) => !isPublic(address)),
      { numRuns: 2_000 },
    ),
  );
});
