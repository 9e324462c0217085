import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { undividedShares, usualLimits } from '../server/rate-figures.js';
import { givenSettings, readSettings } from '../server/read-settings.js';
import {
  type Environment,
  optionOf,
  type ServerFlags,
  type Setting,
  SettingsError,
  settingTable,
} from '../server/settings.js';
import { runPayServerInside } from './program/support/run-pay-server.js';

const home = resolve('/srv/pay');

function complaint(t: ExecutionContext, flags: ServerFlags, environment: Environment = {}): string {
  return t.throws(() => readSettings(flags, environment), { instanceOf: SettingsError })?.message ?? '';
}

/** The settings that no flag sets, as they are by themselves. */
const ofVariablesAlone = {
  refundDays: 180,
  sessionIdleHours: 24,
  sessionDays: 30,
  adminSecondFactor: 'optional',
  leakedPasswordsPath: undefined,
  requestsCheckFunds: true,
  webhooksPrivate: false,
  trustedProxies: undefined,
  rateLimits: usualLimits,
  diskFloorMegabytes: 100,
  metrics: 'loopback',
  logLevel: 'info',
} as const;

test('the defaults are those of the design', (t) => {
  const { dataDir, databasePath, ...rest } = readSettings({}, {});
  t.true(isAbsolute(dataDir));
  t.regex(dataDir, /\bpay\b/);
  t.is(databasePath, join(dataDir, 'pay.db'));
  t.deepEqual(rest, {
    host: '127.0.0.1',
    port: 8443,
    tlsCertPath: undefined,
    tlsKeyPath: undefined,
    timePort: 10_000,
    timeAddress: undefined,
    timeCaPath: undefined,
    conversionUrl: undefined,
    conversionCaPath: undefined,
    currenciesPath: undefined,
    openingCredit: { amount: '1000.00', currency: 'GBP' },
    registration: 'open',
    ...ofVariablesAlone,
  });
});

test('every variable of the environment is read', (t) => {
  const environment = {
    PAY_DATA_DIR: home,
    PAY_HOST: '0.0.0.0',
    PAY_PORT: '0',
    PAY_TLS_CERT: '/etc/pay.crt',
    PAY_TLS_KEY: '/etc/pay.key',
    PAY_TIME_PORT: '10001',
    PAY_TIME_ADDRESS: '[::1]:10002',
    PAY_TIME_CA: '/etc/time.crt',
    PAY_DATABASE_URL: '/srv/books.db',
    PAY_CONVERSION_URL: 'https://rates.example.org/pay/',
    PAY_CONVERSION_CA: '/etc/rates.crt',
    PAY_CURRENCIES: '/etc/pay/currencies.toml',
    PAY_OPENING_CREDIT: '5 KWD',
    PAY_REGISTRATION: 'closed',
    PAY_REFUND_DAYS: '90',
    PAY_SESSION_IDLE_HOURS: '2',
    PAY_SESSION_DAYS: '7',
    PAY_ADMIN_SECOND_FACTOR: 'required',
    PAY_LEAKED_PASSWORDS: '/srv/leaked.txt',
    PAY_REQUESTS_CHECK_FUNDS: 'false',
    PAY_WEBHOOKS_PRIVATE: 'true',
    PAY_TRUSTED_PROXIES: '10.0.0.7, 2001:db8::/32',
    PAY_RATE_LIMITS: 'off',
    PAY_DISK_FLOOR_MB: '500',
    PAY_METRICS: 'anyone',
    PAY_LOG_LEVEL: 'silent',
  };
  t.deepEqual(readSettings({}, environment), {
    dataDir: home,
    host: '0.0.0.0',
    port: 0,
    tlsCertPath: resolve('/etc/pay.crt'),
    tlsKeyPath: resolve('/etc/pay.key'),
    timePort: 10_001,
    timeAddress: { host: '::1', port: 10_002 },
    timeCaPath: resolve('/etc/time.crt'),
    databasePath: resolve('/srv/books.db'),
    conversionUrl: 'https://rates.example.org/pay',
    conversionCaPath: resolve('/etc/rates.crt'),
    currenciesPath: resolve('/etc/pay/currencies.toml'),
    openingCredit: { amount: '5', currency: 'KWD' },
    registration: 'closed',
    refundDays: 90,
    sessionIdleHours: 2,
    sessionDays: 7,
    adminSecondFactor: 'required',
    leakedPasswordsPath: resolve('/srv/leaked.txt'),
    requestsCheckFunds: false,
    webhooksPrivate: true,
    trustedProxies: ['10.0.0.7', '2001:db8::/32'],
    rateLimits: { rates: undefined, shares: undividedShares },
    diskFloorMegabytes: 500,
    metrics: 'anyone',
    logLevel: 'silent',
  });
});

test('every flag beats its variable', (t) => {
  const flags = {
    data: '/flag/data',
    host: 'flag.example',
    port: '1',
    tlsCert: '/flag/crt',
    tlsKey: '/flag/key',
    timePort: '2',
    timeAddress: 'flag.example:3',
    timeCa: '/flag/time.crt',
    databaseUrl: '/flag/db',
    conversionUrl: 'https://flag.example',
    conversionCa: '/flag/rates.crt',
    currencies: '/flag/currencies.json',
    openingCredit: '4.00 USD',
    registration: 'invite',
  };
  const environment = {
    PAY_DATA_DIR: 'wrong\0',
    PAY_HOST: 'wrong host',
    PAY_PORT: 'wrong',
    PAY_TLS_CERT: 'wrong\0',
    PAY_TLS_KEY: 'wrong\0',
    PAY_TIME_PORT: 'wrong',
    PAY_TIME_ADDRESS: 'wrong',
    PAY_TIME_CA: 'wrong\0',
    PAY_DATABASE_URL: 'postgres://wrong',
    PAY_CONVERSION_URL: 'wrong',
    PAY_CONVERSION_CA: 'wrong\0',
    PAY_CURRENCIES: 'wrong\0',
    PAY_OPENING_CREDIT: 'wrong',
    PAY_REGISTRATION: 'wrong',
  };
  t.deepEqual(readSettings(flags, environment), {
    dataDir: resolve('/flag/data'),
    host: 'flag.example',
    port: 1,
    tlsCertPath: resolve('/flag/crt'),
    tlsKeyPath: resolve('/flag/key'),
    timePort: 2,
    timeAddress: { host: 'flag.example', port: 3 },
    timeCaPath: resolve('/flag/time.crt'),
    databasePath: resolve('/flag/db'),
    conversionUrl: 'https://flag.example',
    conversionCaPath: resolve('/flag/rates.crt'),
    currenciesPath: resolve('/flag/currencies.json'),
    openingCredit: { amount: '4.00', currency: 'USD' },
    registration: 'invite',
    ...ofVariablesAlone,
  });
});

test('the configuration cannot be changed', (t) => {
  const config = readSettings({ timeAddress: 'localhost:10000' }, {});
  t.true(Object.isFrozen(config));
  t.true(Object.isFrozen(config.openingCredit));
  t.true(Object.isFrozen(config.timeAddress));
});

test('the database lies in the data folder unless it is told otherwise', (t) => {
  t.is(readSettings({ data: 'here' }, {}).databasePath, join(resolve('here'), 'pay.db'));
});

test('a variable that is set to nothing counts as not set, a flag does not', (t) => {
  t.is(readSettings({}, { PAY_PORT: '', PAY_DATA_DIR: '', PAY_LOG_LEVEL: '' }).port, 8443);
  t.regex(complaint(t, { port: '' }), /^--port: "" is not right/);
  t.regex(complaint(t, { data: '' }), /^--data: "" is not right; give a path\.$/);
});

test('the database may be a path or a URL of a file', (t) => {
  const paths: readonly (readonly [string, string])[] = [
    ['/srv/pay.db', '/srv/pay.db'],
    ['books/pay.db', 'books/pay.db'],
    ['file:/srv/pay.db', '/srv/pay.db'],
    ['file:///srv/my%20books.db', '/srv/my books.db'],
    ['sqlite:///srv/pay.db', '/srv/pay.db'],
    ['sqlite:books/pay.db', 'books/pay.db'],
    ['SQLite:pay.db', 'pay.db'],
  ];
  for (const [databaseUrl, path] of paths) {
    t.is(readSettings({ databaseUrl }, {}).databasePath, resolve(path), databaseUrl);
  }
});

test('a database of PostgreSQL is named by its URL', (t) => {
  for (const databaseUrl of [
    'postgres://pay:sesame@db.example/pay',
    'postgresql://pay@[::1]:5433/pay?sslmode=verify-full',
    'postgres:///pay?host=/var/run/postgresql',
    'postgres://pay:sesame@one.example,[::1]:5433,three.example:5434/pay?target_session_attrs=read-write&sslmode=verify-full',
  ]) {
    t.is(readSettings({ databaseUrl }, {}).databasePath, databaseUrl);
  }
});

test('a URL of PostgreSQL that is not whole is refused, and its password is not shown', (t) => {
  for (const databaseUrl of [
    'postgres://pay:sesame@db.example',
    'postgres://pay:sesame@db.example/',
    'postgresql://pay:a/sesame@db.example/pay',
    'postgres://pay:sesame@one.example:x,two.example/pay',
    'postgres://pay:sesame@db.example/pay#main',
  ]) {
    const message = complaint(t, { databaseUrl });
    t.regex(message, /^--database-url: ".*" is not right; give the URL of a database of PostgreSQL/);
    t.false(message.includes('sesame'), message);
  }
});

test('what is meant for a URL of a database is no path, and its password is not shown', (t) => {
  for (const [databaseUrl, shown] of [
    [' postgres://pay:sesame@db.example/pay', ' postgres://***@db.example/pay'],
    ["'postgres://pay:sesame@db.example/pay'", "'postgres://***@db.example/pay'"],
    ['postgres//pay:sesame@db.example/pay', 'postgres//***@db.example/pay'],
    ['postgres:/pay:sesame@db.example/pay', 'postgres:/***@db.example/pay'],
    ['postgres:pay:sesame@db.example/pay', 'postgres:***@db.example/pay'],
    ['pay:sesame@db.example/pay', 'pay:***@db.example/pay'],
    ['pay:ses/ame@db.example/pay', 'pay:***@db.example/pay'],
    ['jdbc:postgresql://pay:sesame@db.example/pay', 'jdbc:postgresql://***@db.example/pay'],
    ['postgres://db.example?user=pay&password=sesame', 'postgres://db.example?user=pay&password=***'],
    ['host=db.example password=sesame dbname=pay', 'host=db.example password=*** dbname=pay'],
    ["host=db.example password = 'ses ame'", 'host=db.example password = ***'],
  ] as const) {
    t.regex(complaint(t, { databaseUrl }), /^--database-url: ".*" is not right; give /, databaseUrl);
    t.true(complaint(t, { databaseUrl }).includes(JSON.stringify(shown)), complaint(t, { databaseUrl }));
  }
  for (const path of ['books@home/pay.db', '/srv/host=1/pay.db', './postgres/pay.db']) {
    t.is(readSettings({ databaseUrl: path }, {}).databasePath, resolve(path));
  }
});

test('a URL of several hosts that cannot be meant is refused, and says how it is written', (t) => {
  for (const [rest, says] of [
    ['one.example,,three.example/pay', /a host before and after each comma/],
    [`${Array.from({ length: 9 }, (_, host) => `db${host}`).join(',')}/pay`, /8 hosts at most/],
    ['one.example/pay?host=one.example,two.example', /hosts before the database/],
    ['one.example,two.example/pay?target_session_attrs=any', /target_session_attrs=read-write, or without/],
    ['one.example/pay?sslmode=verify_full', /sslmode=verify-full, or another of disable, .*, or without it/],
    ['one.example/pay?target_session_attrs=standby', /target_session_attrs=read-write, or without/],
  ] as const) {
    const message = complaint(t, { databaseUrl: `postgres://pay:sesame@${rest}` });
    t.regex(message, says);
    t.false(message.includes('sesame'), message);
  }
});

const wrong: readonly (readonly [keyof ServerFlags, string, readonly string[], RegExp])[] = [
  ['port', 'PAY_PORT', ['-1', '65536', '8443.0', '0x1f', ' 80', 'http', '1e3', '８０'], /from 0 to 65535/],
  ['timePort', 'PAY_TIME_PORT', ['-1', '65536', 'x'], /from 0 to 65535/],
  [
    'host',
    'PAY_HOST',
    ['a b', 'https://pay.example', 'pay.example:8443', '300.0.0.1', '[127.0.0.1]', 'a..b', '-'],
    /host name/,
  ],
  [
    'timeAddress',
    'PAY_TIME_ADDRESS',
    [
      'localhost',
      'localhost:',
      ':10000',
      '::1:10000',
      '[::1]',
      'localhost:0',
      'a:65536',
      'a:b',
      'thrift://a:1',
    ],
    /host:port/,
  ],
  [
    'databaseUrl',
    'PAY_DATABASE_URL',
    [
      'mysql://db/pay',
      'sqlite://pay.db',
      'file://host/pay.db',
      'file:pay.db?mode=ro',
      'sqlite::memory:',
      ':memory:',
      'file:%ff',
      'file:',
      'a\0b',
    ],
    /a path, file:/,
  ],
  [
    'conversionUrl',
    'PAY_CONVERSION_URL',
    [
      'rates.example.org',
      'http://rates.example.org',
      'ftp://localhost',
      'https://user:sesame@rates.example.org',
      'https://rates.example.org?key=1',
      'https://rates.example.org#a',
      'http://127.0.0.1.example.org',
    ],
    /https:/,
  ],
  [
    'openingCredit',
    'PAY_OPENING_CREDIT',
    ['1000.00', 'GBP', '1000 gbp', '1,000 GBP', '0 gbp', '00 GBP', 'None', '-5 GBP', '1.001 GBP', '1 GBP x'],
    /1000\.00 GBP|too little or too much/,
  ],
];

for (const [flag, variable, values, expected] of wrong) {
  test(`a wrong ${variable} is refused by name, from the flag and from the environment`, (t) => {
    const option = `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: `;
    for (const value of values) {
      const [fromFlag, fromVariable] = [
        complaint(t, { [flag]: value }),
        complaint(t, {}, { [variable]: value }),
      ];
      t.true(fromFlag.startsWith(option), fromFlag);
      t.true(fromVariable.startsWith(`${variable}: `), fromVariable);
      t.regex(fromFlag, expected);
      t.regex(fromVariable, expected);
      t.false(fromFlag.includes('sesame'), fromFlag);
    }
  });
}

test('a word that is none of the few is refused by name', (t) => {
  t.regex(
    complaint(t, {}, { PAY_METRICS: 'false' }),
    /^PAY_METRICS: "false" is not right; give one of loopback, anyone\.$/,
  );
  t.regex(
    complaint(t, {}, { PAY_METRICS: 'all' }),
    /^PAY_METRICS: "all" is not right; give one of loopback, anyone\.$/,
  );
  t.regex(
    complaint(t, {}, { PAY_REQUESTS_CHECK_FUNDS: 'yes' }),
    /^PAY_REQUESTS_CHECK_FUNDS: .* true, false\.$/,
  );
  t.regex(complaint(t, {}, { PAY_LOG_LEVEL: 'constructor' }), /^PAY_LOG_LEVEL: .* fatal, error, warn, info/);
});

test('a key without its certificate is refused, and the other way round', (t) => {
  t.regex(complaint(t, { tlsKey: 'a' }), /--tls-key needs --tls-cert \(PAY_TLS_CERT\)/);
  t.regex(complaint(t, {}, { PAY_TLS_CERT: 'a' }), /--tls-cert needs --tls-key \(PAY_TLS_KEY\)/);
  t.is(readSettings({ tlsKey: 'a' }, { PAY_TLS_CERT: 'b' }).tlsCertPath, resolve('b'));
});

test('a timestamp service on another machine is asked over TLS alone', (t) => {
  for (const host of ['time.example.org', '192.0.2.7', '[2001:db8::7]', '0.0.0.0', '127.0.0.1.example.org']) {
    const message = complaint(t, { timeAddress: `${host}:10000` });
    t.regex(
      message,
      /^--time-address .* pay-time there with --tls-cert and --tls-key, .* --time-ca \(PAY_TIME_CA\)\.$/,
    );
    t.is(readSettings({ timeAddress: `${host}:10000`, timeCa: 'a' }, {}).timeCaPath, resolve('a'));
  }
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    t.is(readSettings({ timeAddress: `${host}:10000` }, {}).timeCaPath, undefined);
  }
});

test('a certificate to know another service by is refused where no such service is asked', (t) => {
  t.regex(complaint(t, { timeCa: 'a' }), /^--time-ca \(PAY_TIME_CA\) needs --time-address/);
  t.regex(complaint(t, { conversionCa: 'a' }), /^--conversion-ca .* needs --conversion-url .* https: URL/);
  const plain = { conversionCa: 'a', conversionUrl: 'http://localhost:1' };
  t.regex(complaint(t, plain), /^--conversion-ca .* https: URL/);
});

test('all wrong values are named at once, one a line', (t) => {
  const lines = complaint(t, { port: 'x' }, { PAY_HOST: 'a b', PAY_LOG_LEVEL: 'loud' }).split('\n');
  t.deepEqual(lines.map((line) => line.split(':')[0]).sort(), ['--port', 'PAY_HOST', 'PAY_LOG_LEVEL']);
});

test('another conversion service is reached by https, or by http on this machine', (t) => {
  const conversionUrl = (text: string) => readSettings({ conversionUrl: text }, {}).conversionUrl;
  t.is(conversionUrl('https://rates.example.org'), 'https://rates.example.org');
  t.is(conversionUrl('http://127.0.0.1:9000/'), 'http://127.0.0.1:9000');
  t.is(conversionUrl('http://localhost:9000/a/'), 'http://localhost:9000/a');
  t.is(conversionUrl('http://[::1]:9000'), 'http://[::1]:9000');
});

test('who is new is given nothing where the opening credit is none, or zero', (t) => {
  const openingCredit = (text: string) => readSettings({ openingCredit: text }, {}).openingCredit;
  t.deepEqual(openingCredit('none'), { amount: '0', currency: 'GBP' });
  t.deepEqual(openingCredit('0.00 GBP'), { amount: '0', currency: 'GBP' });
  t.deepEqual(openingCredit('0 JPY'), { amount: '0', currency: 'JPY' });
});

test('addresses of both families are hosts, brackets or not', (t) => {
  const host = (text: string) => readSettings({ host: text }, {}).host;
  t.deepEqual(['::1', '[::1]', '::', '10.0.0.1', 'pay.example.org', 'localhost'].map(host), [
    '::1',
    '::1',
    '::',
    '10.0.0.1',
    'pay.example.org',
    'localhost',
  ]);
});

test('any text in any setting is either taken or refused by name', (t) => {
  const flag = fc.constantFrom<keyof ServerFlags>(
    ...([
      'data',
      'host',
      'port',
      'timePort',
      'timeAddress',
      'databaseUrl',
      'conversionUrl',
      'openingCredit',
    ] as const),
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(flag, fc.oneof(fc.string(), fc.webUrl(), fc.ipV6()), (name, text) => {
        try {
          return Object.isFrozen(readSettings({ [name]: text }, {}));
        } catch (error) {
          return error instanceof SettingsError && error.message.startsWith('--');
        }
      }),
      { numRuns: 2_000 },
    ),
  );
});

const inCode = (text: string | undefined) => (text === undefined ? '' : `\`${text}\``);

/** The rows of the README's table of settings, as they have to be. */
const readmeRows = Object.values<Setting>(settingTable).map((setting) => {
  const cells = [
    inCode(optionOf(setting)),
    inCode(setting.variable),
    setting.preset === undefined ? setting.otherwise : inCode(setting.preset),
    setting.help,
  ];
  return `|${cells.map((cell) => (cell === '' ? ' |' : ` ${cell} |`)).join('')}`;
});

test('the table in the README is that of the program', async (t) => {
  const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith('|') && line.includes('`PAY_'));
  t.deepEqual(rows, readmeRows);
});

test('the help of the start names every flag and variable, and what holds without each', async (t) => {
  const { status, stdout: help } = await runPayServerInside(['start', '--help']);
  t.is(status, 0);
  for (const { flag, variable } of Object.values<Setting>(settingTable)) {
    t.true(help.includes(variable), variable);
    t.true(flag === undefined || help.includes(`  ${flag} `), flag);
  }
  t.false(help.includes('undefined'));
  t.regex(help, /PAY_LEAKED_PASSWORDS .*; default none\n/);
  t.regex(help, /PAY_TRUSTED_PROXIES .*; default none\n/);
});

test('limits are changed by their names, and what is no limit is refused with what there is', (t) => {
  const { rateLimits } = readSettings({}, { PAY_RATE_LIMITS: 'login=7/60 guessesAtPlace=2/10 lists=2/4' });
  t.deepEqual(rateLimits, {
    rates: {
      ...usualLimits.rates,
      login: { points: 7, windowSeconds: 60 },
      guessesAtPlace: { points: 2, windowSeconds: 10 },
    },
    shares: { ...usualLimits.shares, lists: { ofOne: 2, inAll: 4 } },
  });
  for (const text of [
    'log-in=7/60',
    'login=0/60',
    'login=7',
    'toString=7/60',
    'login=7/86401',
    'lists=4/2',
  ]) {
    t.regex(
      complaint(t, {}, { PAY_RATE_LIMITS: text }),
      /on, off, or limits as name=points\/seconds.*login.*shares as name=ofOne\/inAll.*streams/,
    );
  }
  for (const text of ['10.0.0.0/33', 'proxy.example', '::1/129', '10.0.0.1/8/8', ' ']) {
    t.regex(complaint(t, {}, { PAY_TRUSTED_PROXIES: text }), /addresses and networks/);
  }
});

test('what was given is told as an environment that says the same in any folder, without where the books are', (t) => {
  const flags = {
    data: 'here',
    databaseUrl: 'postgres://pay:secret@127.0.0.1/pay',
    tlsCert: 'a.crt',
    tlsKey: 'a.key',
  };
  const environment = {
    PAY_RATE_LIMITS: 'login=7/60',
    PAY_OPENING_CREDIT: '5.00 EUR',
    PAY_TIME_ADDRESS: '[::1]:10000',
    PAY_WEBHOOKS_PRIVATE: 'true',
    PAY_TOKEN: 'secret',
    PAY_HOST: '',
  };
  const given = givenSettings(flags, environment);
  t.notRegex(JSON.stringify(given), /secret|PAY_DATA|PAY_HOST/);
  t.is(given.PAY_TLS_CERT, resolve('a.crt'));
  const { dataDir, databasePath, ...same } = readSettings({}, given);
  const { dataDir: _, databasePath: __, ...meant } = readSettings(flags, environment);
  t.deepEqual(same, meant);
});
