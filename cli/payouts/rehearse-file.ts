import type { PayoutAnswerJson } from '../../server/features/payouts/wire.js';
import type { MoneyJson } from '../../server/money/wire.js';
import type { Context } from '../context.js';
import { makeProgressBar } from '../terminal/progress-bar.js';
import { largestCall, partsOf, payoutBody } from './calls.js';
import type { PayoutLine } from './file/payout-line.js';
import { inLines } from './line-faults.js';
import { type LineResult, lineResults } from './line-result.js';
import { refusedCall } from './refused-call.js';
import { shortfall, sumMoney } from './sum-money.js';
import { withinFunds } from './within-funds.js';

/** The rehearsal of a file: what paying it out would do. */
export interface FileRehearsal {
  readonly results: readonly LineResult[];
  readonly sent: MoneyJson;
  /** What is received, one sum for each currency. */
  readonly received: readonly MoneyJson[];
  /** How many different receivers are paid. */
  readonly people: number;
  readonly available: MoneyJson;
  /** What is missing to pay everybody whom nothing else stands against; undefined where the funds suffice. */
  readonly missing: MoneyJson | undefined;
}

const isPoor = ({ error }: LineResult) => error?.code === 'INSUFFICIENT_FUNDS';

function neededBy(results: readonly LineResult[], sent: MoneyJson): MoneyJson {
  const unpaid = results.filter(isPoor).map(({ error }) => error?.required as MoneyJson);
  return sumMoney([sent, ...unpaid])[0] ?? sent;
}

function summed(totals: readonly PayoutAnswerJson['totals'][], judged: readonly LineResult[]): FileRehearsal {
  const [first] = totals;
  if (!first) {
    throw new RangeError('There is nothing to rehearse.');
  }
  // A rehearsal writes nothing: each call begins with all that there is.
  const available = sumMoney([first.balanceAfter, first.sent])[0] ?? first.balanceAfter;
  const results = withinFunds(judged, available);
  const payable = results.filter(({ status }) => status !== 'refused');
  const payments = payable.flatMap(({ payment }) => (payment === null ? [] : [payment]));
  // Where nobody can be paid, the first total is of nothing, too.
  const sent = sumMoney(payments.map((payment) => payment.sent))[0] ?? first.sent;
  return {
    results,
    sent,
    received: sumMoney(payments.map((payment) => payment.received)),
    people: new Set(payable.map(({ to }) => to.toLowerCase())).size,
    available,
    missing: shortfall(neededBy(results, sent), available),
  };
}

/** Has every line judged by the server; nothing is written there. @throws Failure */
export async function rehearseFile(
  context: Context,
  lines: readonly PayoutLine[],
  mode: 'each' | 'all',
): Promise<FileRehearsal> {
  const api = await context.api();
  const bar = makeProgressBar(context.stderr, 'checking', lines.length, context.now);
  const totals: PayoutAnswerJson['totals'][] = [];
  const results: LineResult[] = [];
  try {
    for (const part of partsOf(lines, largestCall)) {
      const body = { ...payoutBody(part, mode), dryRun: true };
      const answer = await api.call('POST /v1/payouts', { body, isQuiet: true }).then(
        (judged) => ({ results: lineResults(part, judged), totals: judged.totals }),
        (error: unknown) => {
          const refused = refusedCall(error, part);
          if (!refused) {
            throw inLines(error, part);
          }
          return refused;
        },
      );
      totals.push(answer.totals);
      results.push(...answer.results);
      bar.advance(part.length);
    }
  } finally {
    bar.clear();
  }
  return summed(totals, results);
}
