import { rmSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { openWriter } from '../../../../db/connect.js';
import { holdDatabase } from '../../../../db/open/open-database.js';
import { rules } from '../../../../server/compose/rules.js';
import { type IdPrefix, publicId, rowNumber } from '../../../../server/ids.js';
import { lookup } from '../../../../server/ledger/book/lookup.js';
import { openLedger } from '../../../../server/ledger/commit/group-commit.js';
import type { Ledger } from '../../../../server/ledger/ledger.js';
import { postPayment } from '../../../../server/ledger/post-payment.js';
import { recordAct } from '../../../../server/ledger/record-act.js';
import { type Decision, defineRule } from '../../../../server/ledger/rule.js';
import { issuanceAccountId } from '../../../../server/ledger/system-accounts.js';
import { builtInRates } from '../../../../server/money/rate-table.js';
import { callerOf, payment, registration } from '../../../ledger/support/callers.js';
import { steppingTime } from '../../../ledger/support/real-books.js';
import { ruleNamed } from '../../../ledger/support/rule-named.js';

interface Correction {
  readonly userId: number;
  readonly minor: number;
  readonly direction: 'credit' | 'debit';
}

/** Books an adjustment and records it: what an administrator's correction writes, without what is judged before. */
const correct = defineRule<Correction>('correct', {
  needsTime: true,
  reads: (_book, { userId }) => [
    lookup('accounts', { user_id: userId }),
    lookup('accounts', { id: issuanceAccountId('GBP') }),
  ],
  decide(book, { userId, minor, direction }, circumstances) {
    const account = book.get('accounts', { user_id: userId });
    const money = { minor, currency: account.currency };
    const ends = [issuanceAccountId(account.currency), account.id] as const;
    const [fromAccountId, toAccountId] = direction === 'credit' ? ends : [ends[1], ends[0]];
    const posted = postPayment(
      book,
      {
        kind: 'adjustment',
        fromUserId: direction === 'credit' ? null : userId,
        toUserId: direction === 'credit' ? userId : null,
        ...{ fromAccountId, toAccountId, sent: money, received: money },
        rate: '1',
        rates: null,
        memo: 'Correction №1',
        requestId: null,
        refundOf: null,
      },
      circumstances.moment,
    );
    const { id } = posted.payment;
    recordAct(book, circumstances, {
      action: 'payment.adjusted',
      subject: publicId('pay', id),
      reason: 'a "mistake"',
      before: { left: 1 },
      after: { left: 2 },
    });
    return { status: 201, body: { id: publicId('pay', id) } };
  },
});

/** Gives the number of what was made. */
async function done(ledger: Ledger, decision: Decision): Promise<number> {
  const { status, json } = await ledger.decide(decision);
  if (status >= 300) {
    throw new Error(json);
  }
  const { id = '' } = JSON.parse(json) as { id?: string };
  return rowNumber(id.slice(0, 3) as IdPrefix, id) ?? 0;
}

/**
 * Everything that the books can hold: opening credits in four currencies, payments within one and across two, memos of
 * several scripts, requests that are open, declined and paid, refunds of a part and of the rest, corrections, and what
 * was done recorded.
 */
async function writeSample(ledger: Ledger): Promise<void> {
  let number = 0;
  const act = (userId: number, rule: string, input: object) => {
    number += 1;
    return done(ledger, {
      rule: ruleNamed(rule),
      input,
      key: `key-${number}`,
      facts: {},
      caller: callerOf(userId),
    });
  };
  const pay = (from: number, to: string, minor: number, currency: string, memo: string | null) => {
    number += 1;
    const decision = payment(from, to, { amount: { minor, currency }, memo }, { key: `key-${number}` });
    return done(ledger, { ...decision, caller: { ...decision.caller, isPerson: false } });
  };
  const [alice = 0, bob = 0, carol = 0, dan = 0] = await Promise.all(
    Object.entries({ alice: 'GBP', bob: 'GBP', carol: 'USD', dan: 'JPY', erin: 'KWD' }).map(
      ([name, currency]) => done(ledger, registration(name, { currency })),
    ),
  );
  const lunch = await pay(alice, 'bob', 1_234, 'GBP', 'Lunch „ÄÖ” 🍕 \\ "x"\n\t\u0001');
  const abroad = await pay(bob, 'carol', 2_500, 'GBP', 'ŻÓŁĆ');
  await Promise.all([
    pay(carol, 'dan', 300, 'USD', null),
    pay(dan, 'alice', 500, 'JPY', 'İstanbul'),
    pay(alice, 'erin', 777, 'GBP', null),
    pay(alice, 'bob', 10, 'GBP', ''),
  ]);
  const ask = (userId: number, from: string, minor: number, currency: string) => {
    const input = { requesterId: userId, from, amount: { minor, currency }, memo: 'Rent', expiresAt: null };
    return act(userId, 'create-request', input);
  };
  const rent = await ask(bob, 'alice', 5_000, 'GBP');
  const fare = await ask(carol, 'alice', 800, 'USD');
  const no = await ask(dan, 'bob', 40, 'JPY');
  await ask(alice, 'dan', 60, 'GBP');
  await act(alice, 'accept-request', { userId: alice, requestId: rent, maxDebit: null });
  await act(alice, 'accept-request', { userId: alice, requestId: fare, maxDebit: null, memo: 'Taxi' });
  await act(bob, 'decline-request', { userId: bob, requestId: no, reason: 'never' });
  const refund = (userId: number, paymentId: number, amount: string | null) =>
    act(userId, 'refund-payment', { userId, paymentId, amount, reason: 'Sorry' });
  await refund(bob, lunch, '2.00');
  await refund(bob, lunch, null);
  await refund(carol, abroad, '7.77');
  for (const direction of ['credit', 'debit'] as const) {
    await done(ledger, {
      rule: ruleNamed('correct'),
      input: { userId: alice, minor: 150, direction },
      caller: callerOf(alice),
    });
  }
  await pay(bob, 'alice', 99, 'GBP', 'the last');
}

export async function openSampleLedger(file: string): Promise<{ ledger: Ledger; close(): Promise<void> }> {
  const writer = openWriter(file);
  const time = steppingTime();
  const ledger = await openLedger({
    writer,
    rules: { ...rules, correct },
    askTime: async () => time(),
    machineMicros: time,
    rates: builtInRates,
    chain: 1,
    onBroken: () => {},
  });
  return {
    ledger,
    async close() {
      await ledger.settled();
      await writer.destroy();
    },
  };
}

/** A folder of the test's own, gone at its end. */
export async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-books-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

let made: Promise<string> | undefined;

async function makeSample(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-books-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'pay.db');
  const held = await holdDatabase(file);
  const { ledger, close } = await openSampleLedger(file);
  await writeSample(ledger);
  await close();
  await held.release();
  return file;
}

/** A copy of the sample, held by nobody. Gives its file. */
export async function sampleBooks(t: ExecutionContext): Promise<string> {
  made ??= makeSample();
  const file = join(await makeFolder(t), 'pay.db');
  await copyFile(await made, file);
  return file;
}
