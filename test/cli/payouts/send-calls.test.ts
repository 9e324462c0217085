import test from 'ava';
import type { ApiAnswer } from '../../../cli/api/call.js';
import type { Context } from '../../../cli/context.js';
import { Failure } from '../../../cli/failure/failure.js';
import { openPayouts, type PayoutRecord } from '../../../cli/payouts/earlier/journal.js';
import { sendCalls } from '../../../cli/payouts/send-calls.js';
import { makeScreen } from '../../../cli/terminal/screen.js';
import { quietTerminal } from '../support/quiet-terminal.js';
import { makeFolder } from '../support/run-pay.js';

const record: PayoutRecord = {
  server: 'https://pay.example',
  user: 'alice',
  contentHash: 'hash',
  path: '/tmp/payouts.csv',
  mode: 'each',
  callSize: 1,
  keys: ['one', 'two'],
  items: [],
  createdAt: '2026-11-22T18:00:00.000Z',
  finishedAt: null,
  command: ['pay', 'send', '--file', '/tmp/payouts.csv'],
};
const lines = [
  { line: 2, to: 'bob', amount: '1' },
  { line: 3, to: 'carol', amount: '1' },
];
const paid: ApiAnswer = { status: 201, headers: {}, text: '{"results":[]}' };
const frozen: ApiAnswer = { status: 403, headers: {}, text: '{"code":"ACCOUNT_FROZEN","status":403}' };

/** Sends a payout of two calls to a server that answers like this; gives how it ends, and what the journal then has. */
async function sendThrough(answers: readonly (ApiAnswer | Failure)[], isUnderWay = false) {
  const journal = openPayouts(await makeFolder());
  await journal.write(record);
  let sent = 0;
  const exchange = async () => {
    sent += 1;
    const answer = answers[sent - 1] ?? paid;
    if (answer instanceof Failure) {
      throw answer;
    }
    return answer;
  };
  const context = {
    api: async () => ({ server: record.server, exchange }),
    stderr: makeScreen(quietTerminal().stderr, {}),
    say: async () => {},
    now: () => new Date(),
    signal: new AbortController().signal,
  } as unknown as Context;
  const sending = { context, journal, record, isUnderWay, onResults: async () => {} };
  const outcome = await sendCalls(lines, sending).then(
    () => 'done',
    (error: unknown) => (error instanceof Failure ? error.kind : String(error)),
  );
  return { outcome, kept: await journal.find(record) };
}

test('a later call that is refused for good takes a new key, so that the payout can go on', async (t) => {
  const { outcome, kept } = await sendThrough([paid, frozen]);
  t.is(outcome, 'unknown');
  t.is(kept?.keys[0], 'one');
  t.not(kept?.keys[1], 'two');
  t.is(kept?.finishedAt, null);
});

test('a payout whose first call is refused for good is forgotten', async (t) => {
  const { outcome, kept } = await sendThrough([frozen]);
  t.is(outcome, 'not-allowed');
  t.is(kept, undefined);
});

test('a payout that an earlier command may have sent is kept while nobody is logged in; a new one is forgotten', async (t) => {
  const noSession = new Failure('not-logged-in', 'Nobody is logged in.');
  const underWay = await sendThrough([noSession], true);
  t.is(underWay.outcome, 'unknown');
  t.deepEqual(underWay.kept?.keys, record.keys);
  const begun = await sendThrough([noSession]);
  t.is(begun.outcome, 'not-logged-in');
  t.is(begun.kept, undefined);
});
