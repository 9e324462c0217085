import test from 'ava';
import { Client } from 'pg';
import { hostsOf, wantedOfUrl } from '../../../db/postgres/cluster/hosts.js';
import { shownPlace } from '../../../db/postgres/place.js';

test('each host of a URL has one of its own, with all that the others have but what chooses among them', (t) => {
  const { hosts, needsPrimary } = hostsOf(
    'postgres://pay:s%2Cesame@one,[::1]:5433/pay?sslmode=verify-full&target_session_attrs=read-write',
  );
  t.true(needsPrimary);
  t.deepEqual(hosts, [
    { name: 'one', url: 'postgres://pay:s%2Cesame@one/pay?sslmode=verify-full' },
    { name: '[::1]:5433', url: 'postgres://pay:s%2Cesame@[::1]:5433/pay?sslmode=verify-full' },
  ]);
});

test('one host is taken as it is, unless the URL wants it to be written', (t) => {
  const url = 'postgres:///pay?host=/var/run/postgresql';
  t.deepEqual(hostsOf(url), { hosts: [{ name: '', url }], needsPrimary: false });
  t.deepEqual(hostsOf('postgres://proxy/pay?target_session_attrs=primary'), {
    hosts: [{ name: 'proxy', url: 'postgres://proxy/pay' }],
    needsPrimary: true,
  });
});

test('a socket that is named as libpq has it, after a user or a port, is one that the driver connects to', (t) => {
  for (const [before, port] of [
    ['', 5432],
    ['pay@', 5432],
    ['pay:s%2Cesame@', 5432],
    ['pay@:5433', 5433],
    [':5433', 5433],
  ] as const) {
    const url = `postgresql://${before}/pay?host=/var/run/postgresql`;
    t.is(wantedOfUrl(url), undefined, url);
    const client = new Client({ connectionString: hostsOf(url).hosts[0]?.url });
    t.is(client.host, '/var/run/postgresql');
    t.is(client.port, port);
    t.is(client.database, 'pay');
  }
  t.not(wantedOfUrl('postgresql://pay@/pay'), undefined);
});

test('the name of a database is what its encoded characters stand for', (t) => {
  for (const name of ['a@b', 'a/b', 'a:b', 'a,b;c', 'a=b&c', 'a+b$c', 'a%b', 'a b', "zahl ü'"]) {
    const [host] = hostsOf(`postgres://one/${encodeURIComponent(name)}`).hosts;
    t.is(new Client({ connectionString: host?.url }).database, name);
  }
});

test('a mode of TLS is what the driver makes of it, which warns of none then, unless the URL says otherwise', (t) => {
  for (const [given, taken] of [
    ['sslmode=require', 'sslmode=verify-full'],
    ['sslrootcert=/ca.crt&sslmode=verify-ca', 'sslrootcert=/ca.crt&sslmode=verify-full'],
    ['sslmode=disable', 'sslmode=disable'],
    ['sslmode=no-verify', 'sslmode=no-verify'],
    ['uselibpqcompat=true&sslmode=require', 'uselibpqcompat=true&sslmode=require'],
  ]) {
    const { hosts } = hostsOf(`postgres://one/pay?${given}`);
    t.deepEqual(hosts, [{ name: 'one', url: `postgres://one/pay?${taken}` }]);
  }
});

test('a database is shown with its hosts, without password and parameters', (t) => {
  for (const [url, shown] of [
    ['postgres://pay:se:sa@me@one,two:5433/pay?sslmode=require', 'postgres://…'],
    ['postgres://pay:se:same@one,two:5433/pay?sslmode=require', 'postgres://pay@one,two:5433/pay'],
    ['postgres://:sesame@one/pay', 'postgres://one/pay'],
    ['postgres://pay@one/pay', 'postgres://pay@one/pay'],
    ['postgres:///pay?host=/run&password=sesame', 'postgres:///pay'],
  ] as const) {
    t.is(shownPlace(url), shown);
  }
});
