import test from 'ava';
import { makeOneTimePassword } from '../../../server/features/credentials/one-time-password.js';
import { makePasswordJudge } from '../../../server/features/credentials/password-strength.js';

test('one-time passwords are groups without letters that look alike, and none comes twice', (t) => {
  const made = Array.from({ length: 1000 }, makeOneTimePassword);
  for (const password of made) {
    t.regex(password, /^[a-z2-9]{4}(?:-[a-z2-9]{4}){3}$/);
    t.notRegex(password, /[ilo]/);
  }
  t.is(new Set(made).size, made.length);
});

test('they are as strong as any password must be', async (t) => {
  const judge = makePasswordJudge();
  for (const password of Array.from({ length: 20 }, makeOneTimePassword)) {
    t.is(await judge(password, { username: 'alice', email: 'alice@example.org' }, 'a test'), undefined);
  }
});
