import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { stripVTControlCharacters } from 'node:util';
import anyTest, { type TestFn } from 'ava';
import { makeCertificate } from '../http/support/certificate.js';
import { canned, ids } from './golden/answers.js';
import { type Canned, type CannedServer, startCannedServer } from './support/canned-server.js';
import { everyCommand } from './support/every-command.js';
import { environmentFor, type Manner, runInside } from './support/run-inside.js';
import { makeFolder, type Run, runPay } from './support/run-pay.js';

// Text of others must never drive the terminal of whoever reads it: what others wrote, and what a hostile server answers. And what one
// has to say is for the server that was meant.

const test = anyTest as TestFn<{ server: CannedServer }>;

/** CSI, OSC 8, OSC 52, BEL, CR, C1, bidi override and isolate, zero width, line break, tab, a formula. */
const hostile =
  '\u001b[31m\u001b]8;;https://evil.example\u0007\u001b]52;c;aGk=\u0007\r\u009b2J\u202e\u2066\u200b\u2028\n\tEND=1+1';
const shown = /‹U\+001B›\[31m/;

// Written apart from the program's own expression: what terminals obey or hide. Line breaks and tabs are judged below.
const dangerous = /(?![\n\t])[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/u;
/** The tab of others, with the line break before it, that came through as it was. */
const through = /\tEND/;

type Words = readonly string[];

interface Way {
  readonly words: Words;
  readonly input?: string;
  /** Interrupts it once this is seen; by default it ends by itself. */
  readonly until?: RegExp;
}

const account = ['--email', 'erin@example.org', '--currency', 'EUR', '--password-stdin'];
const password = 'maple-7-otter\n';
const because = ['--reason', 'because', '--yes'];
const formats = ['csv', 'ndjson', 'json', 'ledger', 'beancount', 'ofx'];
const way = (...words: Words): readonly Way[] => [{ words }];

/** The ways in which each command prints what there is to print. */
const ways: Readonly<Record<string, readonly Way[]>> = {
  home: way('home'),
  balance: [...way('balance'), ...way('balance', '--at', 'yesterday'), ...way('balance', '--chart')],
  stats: [...way('stats'), ...way('stats', '--by', 'memo')],
  limits: way('limits'),
  send: [...way('send', 'bob', '10', '--yes'), ...way('send', 'bob', '10', '--dry-run')],
  history: [
    ...way('history'),
    ...way('history', '--all'),
    ...formats.flatMap((format) => way('history', '--format', format)),
  ],
  show: way('show', ids.payment),
  refund: way('refund', ids.payment, '--yes'),
  request: [...way('request', 'bob', '12'), ...way('request', 'bob', 'carol', '12', '--split', '--yes')],
  requests: way('requests', '--all'),
  'requests show': way('requests', 'show', ids.request),
  'requests accept': way('requests', 'accept', ids.request, '--yes'),
  'requests decline': way('requests', 'decline', ids.request),
  'requests cancel': way('requests', 'cancel', ids.request),
  'requests remind': way('requests', 'remind', ids.request),
  collect: way('collect', 'trip', '45', '--from', 'bob', 'carol', '--yes'),
  collections: way('collections'),
  'collections show': way('collections', 'show', ids.collection),
  'collections remind': way('collections', 'remind', ids.collection),
  'collections close': way('collections', 'close', ids.collection, '--yes'),
  block: way('block', 'bob'),
  unblock: way('unblock', 'bob'),
  blocks: way('blocks'),
  notifications: way('notifications'),
  watch: [{ words: ['watch'], until: /asks you for[\s\S]*\n|request\.received[\s\S]*\n|XK2[\s\S]*\n/ }],
  webhooks: way('webhooks'),
  'webhooks list': way('webhooks', 'list'),
  'webhooks add': way('webhooks', 'add', 'https://shop.example.org'),
  'webhooks remove': way('webhooks', 'remove', ids.webhook),
  'webhooks deliveries': way('webhooks', 'deliveries', ids.webhook),
  'webhooks resend': way('webhooks', 'resend', ids.webhook, ids.delivery),
  register: [{ words: ['register', 'erin', ...account], input: password }],
  login: [{ words: ['login', 'erin', '--password-stdin'], input: password }],
  whoami: way('whoami'),
  password: [{ words: ['password', '--password-stdin'], input: `${password}birch-8-badger\n` }],
  '2fa': way('2fa'),
  '2fa status': way('2fa', 'status'),
  '2fa on': [{ words: ['2fa', 'on', '--password-stdin'], input: password }],
  '2fa confirm': way('2fa', 'confirm', '--code', '123456'),
  '2fa above': way('2fa', 'above', '10'),
  '2fa off': way('2fa', 'off'),
  profile: way('profile'),
  'profile show': way('profile', 'show'),
  'profile set': way('profile', 'set', '--name', 'Bob'),
  sessions: way('sessions'),
  'sessions list': way('sessions', 'list'),
  'sessions end': way('sessions', 'end', ids.session),
  tokens: way('tokens'),
  'tokens list': way('tokens', 'list'),
  'tokens create': way('tokens', 'create', '--name', 'x'),
  'tokens revoke': way('tokens', 'revoke', ids.token),
  admin: way('admin'),
  'admin invite': way('admin', 'invite', '--note', 'x'),
  'admin invitations': way('admin', 'invitations'),
  'admin uninvite': way('admin', 'uninvite', ids.invitation),
  'admin users': [...way('admin', 'users'), ...way('admin', 'users', '--format', 'csv')],
  'admin user': way('admin', 'user', 'bob'),
  'admin payments': [...way('admin', 'payments'), ...way('admin', 'payments', '--format', 'csv')],
  'admin payment': way('admin', 'payment', ids.payment),
  'admin audit': [...way('admin', 'audit'), ...way('admin', 'audit', '--format', 'csv')],
  'admin stats': way('admin', 'stats'),
  'admin books': way('admin', 'books'),
  'admin add': [{ words: ['admin', 'add', 'erin', ...account], input: password }],
  'admin freeze': way('admin', 'freeze', 'bob', ...because),
  'admin unfreeze': way('admin', 'unfreeze', 'bob', ...because),
  'admin reset-password': way('admin', 'reset-password', 'bob', ...because),
  'admin reset-2fa': way('admin', 'reset-2fa', 'bob', ...because),
  'admin promote': way('admin', 'promote', 'bob', ...because),
  'admin demote': way('admin', 'demote', 'bob', ...because),
  'admin adjust': way('admin', 'adjust', 'bob', '10', '--credit', ...because),
  'admin limits': way('admin', 'limits'),
  'admin limits set': way('admin', 'limits', 'set', '--user', 'bob', '--per-day', '10', ...because),
  'admin limits clear': way('admin', 'limits', 'clear', '--user', 'bob', ...because),
  convert: way('convert', '10', 'GBP', 'JPY'),
  rates: way('rates'),
  api: [...way('api', 'GET', '/v1/payments'), ...way('api', 'GET', '/v1/payments', '--include')],
  shell: [{ words: ['shell'], input: 'history\nrequests\nhome\n' }],
  time: way('time'),
};

/** The commands that print nothing that comes from a server. */
const ofItsOwn = [
  // With a token in PAY_TOKEN there is nothing to end.
  'logout',
  'profiles',
  'profiles list',
  // It reads a file, and its own test shows what it prints.
  'admin add-users',
  // They reckon with what they are told, which their own test shows.
  'statement',
  'admin statements',
  'profiles use',
  'profiles remove',
  'completion',
  'completion bash',
  'completion zsh',
  'completion fish',
];

/** The ways in which somebody is asked, with what stands there when the question does. */
const questions: readonly Way[] = [
  { words: ['send'], until: /Whom to pay:[\s\S]*you paid/ },
  { words: ['send', 'bob'], until: /How much/ },
  { words: ['send', 'bob', '10'], until: /y\/N/ },
  { words: ['request'], until: /Whom to ask:[\s\S]*you paid/ },
  { words: ['request', 'bob', 'carol', '9', '--split'], until: /y\/N/ },
  { words: ['collect', 'trip', '45', '--from', 'bob'], until: /y\/N/ },
  { words: ['collections', 'remind'], until: /Which/ },
  { words: ['requests', 'accept'], until: /Which one/ },
  { words: ['requests', 'decline'], until: /Which one/ },
  { words: ['requests', 'show'], until: /Which/ },
  { words: ['refund', ids.payment], until: /y\/N/ },
  { words: ['admin', 'promote', 'bob'], until: /Reason/ },
  { words: ['admin', 'unfreeze', 'bob'], until: /Reason/ },
  { words: ['admin', 'adjust', 'bob', '10', '--credit', '--reason', 'x'], until: /y\/N/ },
];

// The members that a command reckons with or decides by; everything else is text.
const kept = new Set([
  ...['id', 'eventId', 'paymentId', 'requestId', 'refundOf', 'amount', 'currency', 'status', 'type', 'types'],
  ...['kind', 'direction', 'role', 'limit', 'rounding', 'rate', 'sum', 'issued', 'users', 'exchange', 'base'],
  ...['code', 'outcome', 'token', 'scopes', 'at', 'ratesAsOf', 'perPayment', 'perDay'],
  // Names have a grammar that leaves no room for anything else.
  ...['username', 'requester', 'payer', 'from', 'to', 'actor', 'subject', 'by'],
]);

function poisoned(value: unknown, isKept: (key: string) => boolean, key = ''): unknown {
  if (typeof value === 'string') {
    return isKept(key) ? value : value + hostile;
  }
  if (Array.isArray(value)) {
    return value.map((item) => poisoned(item, isKept, key));
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, poisoned(inner, isKept, name)]))
    : value;
}

const isText = (key: string) => !kept.has(key) && !key.endsWith('At');
/** Others can only write texts. */
const byOthers = poisoned(canned, (key) => !isText(key)) as Canned;
/** A server can write anything. */
const byServer = poisoned(canned, () => false) as Canned;
const problem = poisoned(
  {
    type: 'about:blank',
    title: 'No',
    status: 409,
    detail: 'No.',
    code: 'INSUFFICIENT_FUNDS',
    errors: [
      { field: 'to', message: 'no' },
      { field: 'amount', message: 'no' },
    ],
    available: '1',
    figures: { a: 'b' },
  },
  (key) => key === 'code' || key === 'type',
);

const terminals: readonly { readonly name: string; readonly manner: Manner; readonly more: Words }[] = [
  { name: 'a terminal', manner: { isTerminal: true, width: 80 }, more: [] },
  { name: 'a pipe', manner: { isTerminal: false }, more: [] },
  { name: 'JSON', manner: { isTerminal: false }, more: ['--json'] },
  { name: 'JSON on a terminal', manner: { isTerminal: true }, more: ['--json'] },
];

const isJsonContradicted = (words: Words, more: Words) =>
  more.length > 0 && words.includes('--format') && !/json/.test(words.at(-1) ?? '');

test.before(async (t) => {
  t.context.server = await startCannedServer();
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

/** The fault of an output; undefined where there is none. */
function faultOf({ stdout, stderr }: Pick<Run, 'stdout' | 'stderr'>): string | undefined {
  for (const text of [stdout, stderr]) {
    const found = dangerous.exec(text.replaceAll('\r\n', '\n')) ?? through.exec(text);
    if (found) {
      return JSON.stringify(text.slice(Math.max(0, found.index - 60), found.index + 20));
    }
  }
  return undefined;
}

test('there is a way to run every command of the table', async (t) => {
  const known = new Set([...Object.keys(ways), ...ofItsOwn]);
  t.deepEqual(
    (await everyCommand()).filter((name) => !known.has(name)),
    [],
  );
});

for (const { name: terminal, manner, more } of terminals) {
  for (const [whose, answers] of [
    ['what others wrote', byOthers],
    ['what a hostile server answers', byServer],
  ] as const) {
    test.serial(`${whose} does not reach ${terminal} as it is, whatever the command`, async (t) => {
      t.timeout(180_000);
      t.context.server.answer(answers);
      for (const { words, ...how } of Object.values(ways).flat()) {
        if (!isJsonContradicted(words, more)) {
          const run = await runInside([...words, ...more], t.context.server, { ...manner, ...how });
          t.is(faultOf(run), undefined, `pay ${words.join(' ')}`);
          if (whose === 'what others wrote') {
            t.true(run.status === 0 || how.until !== undefined, `pay ${words.join(' ')}: ${run.stderr}`);
          }
        }
      }
    });
  }

  test.serial(`refusals of a hostile server do not reach ${terminal} as they are`, async (t) => {
    t.timeout(180_000);
    t.context.server.answer({ '*': problem }, 409);
    // A watch goes on trying.
    for (const { words, ...how } of Object.values(ways)
      .flat()
      .filter(({ until }) => until === undefined)) {
      const run = await runInside([...words, ...more], t.context.server, { ...manner, ...how });
      t.is(faultOf(run), undefined, `pay ${words.join(' ')}`);
      t.not(run.status, 130, `pay ${words.join(' ')}`);
    }
  });
}

test.serial('what was made visible is seen where texts of others are shown', async (t) => {
  t.context.server.answer(byOthers);
  for (const name of [
    'home',
    'history',
    'show',
    'requests',
    'requests show',
    'notifications',
    'tokens list',
    'admin users',
    'admin user',
    'admin payments',
    'admin audit',
  ]) {
    for (const isTerminal of [true, false]) {
      const { stdout } = await runInside(ways[name]?.[0]?.words ?? [], t.context.server, {
        isTerminal,
        width: 140,
      });
      t.regex(stdout, shown, `${name}${isTerminal ? '' : ', piped'}`);
    }
  }
});

test.serial('questions show the texts of others made visible', async (t) => {
  t.timeout(180_000);
  t.context.server.answer(byOthers);
  for (const { words, until } of questions) {
    const { status, stderr } = await runInside(words, t.context.server, {
      isTerminal: true,
      isAsked: true,
      ...(until && { until }),
    });
    t.is(status, 130, `pay ${words.join(' ')}: ${stderr}`);
    // A prompt moves the cursor itself; nothing else may.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
    const still = stderr.replace(/\u001b\[[0-9;?]*[A-HJKhl]/g, '');
    t.is(faultOf({ stdout: '', stderr: still }), undefined, `pay ${words.join(' ')}`);
    t.is(stripVTControlCharacters(still), still);
  }
});

test.serial('what Tab offers is made visible', async (t) => {
  t.context.server.answer(byOthers);
  const environment = await environmentFor(t.context.server);
  for (const words of [
    ['send', ''],
    ['requests', 'accept', ''],
    ['show', ''],
    ['tokens', 'revoke', ''],
  ]) {
    let seen = '';
    // What is not there in time is there the next time.
    for (let tries = 0; tries < 20 && !shown.test(seen); tries += 1) {
      const run = await runPay(['complete', '--', ...words], environment);
      t.is(run.status, 0);
      seen = run.stdout;
    }
    t.regex(seen, shown, words.join(' '));
    t.is(faultOf({ stdout: seen.replace(/^[^\t\n]*\t/gm, ''), stderr: '' }), undefined, words.join(' '));
  }
});

/** A server with a key that nobody knows: how often it was met, and what it was told behind the handshake. */
async function startRogue(): Promise<{ url: string; met(): number; told(): string; stop(): void }> {
  let met = 0;
  let told = '';
  const server = createServer(await makeCertificate(), (socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      told += chunk.toString('latin1');
    });
  });
  // A client that goes away does so before the handshake is done on this side.
  server.on('connection', () => {
    met += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, met: () => met, told: () => told, stop: () => server.close() };
}

test.serial(
  'a server with another key than the one pinned is told nothing, whatever the command',
  async (t) => {
    t.timeout(180_000);
    const rogue = await startRogue();
    t.teardown(rogue.stop);
    const impostor = { ...t.context.server, url: rogue.url };
    for (const { words, ...how } of Object.values(ways).flat()) {
      const before = rogue.met();
      // Whoever watches goes on trying; the first try shows it.
      const run = await runInside(words, impostor, {
        isTerminal: false,
        ...how,
        ...(how.until && { until: /another key/ }),
      });
      t.true(rogue.met() > before, `pay ${words.join(' ')} did not speak to it: ${run.stderr}`);
      t.regex(run.stderr, /another key than the one expected/, `pay ${words.join(' ')}`);
    }
    t.is(rogue.told(), '');
  },
);

test.serial('a server that was never met is told nothing by a command that cannot ask', async (t) => {
  t.timeout(180_000);
  const rogue = await startRogue();
  t.teardown(rogue.stop);
  const stranger = { ...t.context.server, url: rogue.url, fingerprint: undefined };
  // A system's store of one certificate, which takes a second connection as one of hundreds does, in half of the time.
  const store = join(await makeFolder(), 'store.pem');
  await writeFile(store, (await makeCertificate()).cert);
  for (const { words, ...how } of Object.values(ways).flat()) {
    const before = rogue.met();
    const run = await runInside(words, stranger, {
      isTerminal: false,
      environment: { SSL_CERT_FILE: store },
      ...how,
      ...(how.until && { until: /is not known/ }),
    });
    t.true(rogue.met() > before, `pay ${words.join(' ')} did not speak to it: ${run.stderr}`);
    t.regex(run.stderr, /is not known: .* Nothing was sent/, `pay ${words.join(' ')}`);
  }
  t.is(rogue.told(), '');
});
