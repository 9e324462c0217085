import test from 'ava';
import { hintFor } from '../../../cli/settings/hint-for.js';

test('the command of a hint keeps the account that was named, before its own flags', (t) => {
  const work = { profile: 'at work' };
  for (const [hint, wanted] of [
    ['See: pay webhooks list', "See: pay webhooks list --profile 'at work'"],
    ['pay admin user bob', "pay admin user bob --profile 'at work'"],
    [
      'See closed ones, too: pay requests --all',
      "See closed ones, too: pay requests --profile 'at work' --all",
    ],
    ['Look them up: pay admin users --search', "Look them up: pay admin users --profile 'at work' --search"],
  ] as const) {
    t.is(hintFor(work, hint), wanted);
    t.is(hintFor({}, hint), hint);
  }
  const both = { profile: 'alice', server: 'https://a.example' };
  t.is(hintFor(both, 'See: pay blocks'), 'See: pay blocks --profile alice --server https://a.example');
});

test('what names an account itself, is of none, or is no command of pay stays as it is', (t) => {
  for (const hint of [
    'Log in: pay login alice --profile alice',
    'pay send --key k --server https://a.example --yes bob 1',
    'There are alice and bob: pay profiles list',
    'What a payouts file looks like: pay send --help',
    'On the server, print all that is wrong: pay-server check',
    'Try again; `pay time` tells when it is back.',
    'Split the file, or pay line by line: --mode each',
    'Unset it: unset PAY_TOKEN',
  ]) {
    t.is(hintFor({ profile: 'work', server: 'https://b.example' }, hint), hint);
  }
});
