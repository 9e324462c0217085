import test from 'ava';
import fc from 'fast-check';
import { isCloseTo } from '../../../server/features/credentials/password-similarity.js';
import {
  makePasswordJudge,
  type PasswordOwner,
} from '../../../server/features/credentials/password-strength.js';

const judgeForCaller = makePasswordJudge(['tennisclub.test', '192.0.2.7']);
const judge = (password: string, of: PasswordOwner) => judgeForCaller(password, of, 'a test');
const owner = { username: 'alice.smith', email: 'rabbit77@wonderland.example' };

const rules: readonly (readonly [string, RegExp, readonly string[]])[] = [
  [
    'shorter than eight characters',
    /shorter than 8/,
    ['', 'a', 'x9!Kq2z', '🔑🔑🔑🔑', 'cafe\u0301-7z', '       '],
  ],
  ['entirely numeric', /entirely numeric/, ['83746291', '73829104756382910', '٨٣٧٤٦٢٩١']],
  [
    'close to the username',
    /close to the username/,
    [
      'alicesmith1',
      '4lice.smith',
      'smith.alice',
      'AliceSmith!',
      'alice-smith-2',
      'ALICE SMITH',
      'htims.ecila',
      'al1ce5mith',
      'alicesmyth',
      'àlice.smïth',
      'alice1234',
      'smithalicesmith',
    ],
  ],
  [
    'close to the email address',
    /close to the email/,
    [
      'rabbit77x',
      'R4bbit77!',
      'wonderland',
      'w0nderl4nd1',
      'wonderland.example',
      'rabbit77@wonderland.example',
    ],
  ],
  [
    'close to the name of the service',
    /name of this service/,
    ['payserver', 'paypal2026', 'PayPay12', 'p4yp4l99', 'tennisclub1', 'test.tennisclub'],
  ],
  [
    'common',
    /common/,
    [
      'password',
      'password1',
      'PASSWORD',
      'p@ssw0rd',
      'qwertyui',
      'letmein123',
      'iloveyou',
      'trustno1',
      'abcdefgh',
      'aaaaaaaaaaaa',
      'abcabcabcabc',
      '1q2w3e4r',
      'drowssap',
      'passwordpasswordpasswordpasswordpasswordpassword',
      'a'.repeat(1024),
    ],
  ],
];

for (const [rule, expected, passwords] of rules) {
  test(`a password that is ${rule} is refused, and it says so`, async (t) => {
    for (const password of passwords) {
      t.regex((await judge(password, owner)) ?? 'good', expected, password.slice(0, 60));
    }
  });
}

test('a good password passes', async (t) => {
  const good = [
    'correct horse battery staple',
    'Tr0ub4dor&3x',
    'maple-7-otter',
    'Blue-Kettle-42',
    'xK9#mQ2v',
    'пять-лисиц-у-реки',
    '🔑🦊🌲🎻🪁🧊🥝🛶',
    `${'a'.repeat(40)}, and then a maple otter 7 kettle`,
  ];
  for (const password of good) {
    t.is(await judge(password, owner), undefined, password);
  }
});

test('a name inside a longer password of unrelated words does no harm', async (t) => {
  t.is(await judge('alice-pays-otters-9', { username: 'alice', email: 'alice@mail.example' }), undefined);
  t.is(await judge('kabob-grill-99', { username: 'bob', email: 'bob@mail.example' }), undefined);
});

test('a username of one or two characters is close to nothing', async (t) => {
  t.is(await judge('maple-7-otter', { username: 'a', email: 'm@p.example' }), undefined);
});

test('every name is close to itself, backwards, doubled and with digits added', (t) => {
  const name = fc.stringMatching(/^[a-z]{4,12}$/);
  t.notThrows(() =>
    fc.assert(
      fc.property(name, (username) =>
        [username, [...username].reverse().join(''), username + username, `${username}9!`].every((password) =>
          isCloseTo(password, username),
        ),
      ),
    ),
  );
});

test('the longest passwords and names are judged within a second', async (t) => {
  await judge('maple-7-otter', owner);
  const long = ['4@8({[</3#!1|0$5+7%2', 'a1', 'aA1!', '|-|()', 'ab.', '0o'].map((part) =>
    part.repeat(512).slice(0, 1024),
  );
  for (const password of long) {
    const start = performance.now();
    await judge(password, { username: '4l@-'.repeat(25), email: `${'a.'.repeat(120)}@${'b-c.'.repeat(60)}` });
    t.true(performance.now() - start < 1_000, password.slice(0, 20));
  }
});
