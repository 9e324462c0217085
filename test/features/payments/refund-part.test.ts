import test from 'ava';
import fc from 'fast-check';
import { refundPart } from '../../../server/features/payments/refund-part.js';

const minor = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 1, max: 1_000_000 }),
  fc.maxSafeNat().map((less) => Math.max(1, Number.MAX_SAFE_INTEGER - less)),
);
const payments = fc.record({ sent_amount: minor, received_amount: minor });

interface Part {
  readonly asked: number;
  readonly amount: number;
  readonly debit: number;
}

/** What each part takes when a payment is given back in these parts; the last of them, where so wished, is all the rest. */
function takeBack(
  payment: { readonly sent_amount: number; readonly received_amount: number },
  shares: readonly number[],
  isWhole: boolean,
): readonly Part[] {
  const parts: Part[] = [];
  let [returned, debited] = [0, 0];
  const take = (asked: number) => {
    const part = refundPart(payment, { returned, debited }, asked);
    parts.push({ asked, amount: part.returned, debit: part.debited });
    returned += part.returned;
    debited += part.debited;
  };
  for (const share of shares) {
    const left = payment.sent_amount - returned;
    const amount = Math.min(Math.max(1, Math.floor(left * share)), left - 1);
    if (amount > 0) {
      take(amount);
    }
  }
  if (isWhole && returned < payment.sent_amount) {
    take(payment.sent_amount - returned);
  }
  return parts;
}

const shares = fc.array(fc.double({ min: 0, max: 0.99, noNaN: true }), { maxLength: 12 });
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + BigInt(number), 0n);

test('all parts together never take more than was received, and the whole takes exactly that', (t) => {
  fc.assert(
    fc.property(payments, shares, fc.boolean(), (payment, some, isWhole) => {
      const parts = takeBack(payment, some, isWhole);
      const taken = sum(parts.map(({ debit }) => debit));
      t.true(taken <= BigInt(payment.received_amount));
      t.true(parts.every(({ debit }) => Number.isSafeInteger(debit) && debit > 0));
      if (isWhole) {
        t.is(taken, BigInt(payment.received_amount));
        t.is(sum(parts.map(({ amount }) => amount)), BigInt(payment.sent_amount));
      }
    }),
    { numRuns: 20_000 },
  );
});

test('a part gives what was asked for and takes its proportion rounded up, and both sides end at once', (t) => {
  fc.assert(
    fc.property(payments, shares, (payment, some) => {
      let left = BigInt(payment.received_amount);
      let toReturn = payment.sent_amount;
      for (const { asked, amount, debit } of takeBack(payment, some, false)) {
        const exact = BigInt(payment.received_amount) * BigInt(asked);
        const sent = BigInt(payment.sent_amount);
        const roundedUp = exact % sent === 0n ? exact / sent : exact / sent + 1n;
        t.is(BigInt(debit), roundedUp < left ? roundedUp : left);
        t.is(amount, roundedUp < left ? asked : toReturn);
        left -= BigInt(debit);
        toReturn -= amount;
        t.is(left === 0n, toReturn === 0);
      }
    }),
    { numRuns: 20_000 },
  );
});

test('within a currency a part takes just what it gives', (t) => {
  fc.assert(
    fc.property(minor, shares, fc.boolean(), (amount, some, isWhole) => {
      const payment = { sent_amount: amount, received_amount: amount };
      for (const part of takeBack(payment, some, isWhole)) {
        t.is(part.debit, part.amount);
      }
    }),
    { numRuns: 5_000 },
  );
});
