import test from 'ava';
import { candidatesFor, isFileName } from '../../../cli/completion/candidates.js';
import type { LiveKind } from '../../../cli/completion/live-values.js';
import { describedFor } from './support/described.js';

const known: Partial<Record<LiveKind, readonly string[]>> = {
  contact: ['bob', 'Bo.b+shop@example.org', 'carol'],
  blocked: ['mallory'],
  'incoming-request': ['req_in'],
  'outgoing-request': ['req_out'],
  payment: ['pay_any', 'pay_received'],
  'received-payment': ['pay_received'],
  currency: ['GBP', 'USD'],
  profile: ['alice', 'work'],
  token: ['tok_1'],
  webhook: ['whk_1'],
};

/** The completions of the last of these words; `asked` gathers the kinds that had to be looked up. */
async function completions(words: readonly string[], asked: LiveKind[] = []): Promise<string[]> {
  const values = async (kind: LiveKind) => {
    asked.push(kind);
    return (known[kind] ?? []).map((value) => ({ value, description: '' }));
  };
  const found = await candidatesFor(await describedFor(words), words, values);
  return found.map(({ value }) => value);
}

test('the first word is a command', async (t) => {
  t.deepEqual(await completions(['req']), ['request', 'requests']);
  const all = await completions(['']);
  t.true(
    ['send', 'history', 'help'].every((name) => all.includes(name)),
    all.join(' '),
  );
  t.false(all.some((value) => value.startsWith('-')));
});

test('a command that has commands offers them', async (t) => {
  t.deepEqual(await completions(['requests', '']), ['show', 'accept', 'decline', 'cancel', 'remind']);
  t.deepEqual(await completions(['tokens', 'c']), ['create']);
  t.deepEqual(await completions(['requests', 'accept', 'a']), []);
});

test('flags are those of the command and of every command, each once', async (t) => {
  const flags = await completions(['send', '--']);
  t.true(['--memo', '--yes', '--json', '--profile', '--help'].every((flag) => flags.includes(flag)));
  const rest = await completions(['send', '--memo', 'lunch', '-y', '--']);
  t.false(rest.includes('--memo') || rest.includes('--yes'), rest.join(' '));
  t.false((await completions(['requests', '--incoming', '--'])).includes('--outgoing'));
  t.deepEqual(await completions(['send', '--', '-']), []);
});

test('the values of a flag are its choices, behind a space and behind a sign of equality', async (t) => {
  t.deepEqual(await completions(['history', '--format', 'l']), ['ledger']);
  t.deepEqual(await completions(['history', '--format=l']), ['--format=ledger']);
  t.deepEqual(await completions(['history', '--direction', '']), ['sent', 'received']);
});

test('values of users, requests, payments, currencies and profiles stand where they belong', async (t) => {
  t.deepEqual(await completions(['send', 'bo']), ['bob', 'Bo.b+shop@example.org']);
  t.deepEqual(await completions(['send', 'bob', '']), []);
  t.deepEqual(await completions(['send', 'bob', '10', 'u']), ['USD']);
  t.deepEqual(await completions(['send', '--memo', 'x', '--yes', 'bob', '10', 'g']), ['GBP']);
  t.deepEqual(await completions(['history', '--with', 'c']), ['carol']);
  t.deepEqual(await completions(['request', 'bob', 'ca']), ['carol']);
  t.deepEqual(await completions(['requests', 'accept', '']), ['req_in']);
  t.deepEqual(await completions(['requests', 'cancel', '']), ['req_out']);
  t.deepEqual(await completions(['requests', 'show', '']), ['req_in', 'req_out']);
  t.deepEqual(await completions(['show', 'pay']), ['pay_any', 'pay_received']);
  t.deepEqual(await completions(['refund', '']), ['pay_received']);
  t.deepEqual(await completions(['convert', '1', 'GBP', '']), ['GBP', 'USD']);
  t.deepEqual(await completions(['unblock', '']), ['mallory']);
  t.deepEqual(await completions(['tokens', 'revoke', '']), ['tok_1']);
  t.deepEqual(await completions(['webhooks', 'remove', '']), ['whk_1']);
  t.deepEqual(await completions(['profiles', 'use', '']), ['alice', 'work']);
  t.deepEqual(await completions(['--profile', 'w']), ['work']);
  t.deepEqual(await completions(['balance', '--profile=w']), ['--profile=work']);
});

test('nothing is looked up where no live value is wanted', async (t) => {
  const asked: LiveKind[] = [];
  await completions([''], asked);
  await completions(['send', '--'], asked);
  await completions(['send', '--memo', ''], asked);
  await completions(['history', '--format', ''], asked);
  t.deepEqual(asked, []);
});

test('help knows commands, commands below them, and topics', async (t) => {
  t.deepEqual(await completions(['help', 'exit']), ['exit-codes']);
  t.deepEqual(await completions(['help', 'requests', 'a']), ['accept']);
  t.true((await completions(['help', ''])).includes('send'));
});

test('files are told apart', async (t) => {
  const isFile = async (...words: string[]) => isFileName(await describedFor(words), words);
  t.true(await isFile('send', '--file', ''));
  t.true(await isFile('send', '--file=pay'));
  t.true(await isFile('api', 'POST', '/v1/payments', '--input', ''));
  t.false(await isFile('send', ''));
  t.false(await isFile('send', '--memo', ''));
});

test('words that no command knows complete to nothing', async (t) => {
  t.deepEqual(await completions(['nonsense', '']), []);
  t.deepEqual(await completions(['balance', 'x', '']), []);
});
