import { randomUUID } from 'node:crypto';
import type { Api } from '../api/api.js';
import { targetOf } from '../api/operation.js';
import { isRememberedUnderKey } from '../api/verdict.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { settle } from '../settling/settle.js';
import { sleep } from '../sleep.js';
import { makeProgressBar } from '../terminal/progress-bar.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import type { Shown } from '../terminal/text/shown.js';
import { partsOf, payoutAct, payoutBody } from './calls.js';
import type { PayoutJournal, PayoutRecord } from './earlier/journal.js';
import { digestOf } from './earlier/line-digest.js';
import type { PayoutLine } from './file/payout-line.js';
import { inLines } from './line-faults.js';
import { type LineResult, lineResults } from './line-result.js';
import { refusedCall } from './refused-call.js';

export interface Sending {
  readonly context: Context;
  readonly journal: PayoutJournal;
  readonly record: PayoutRecord;
  /** Whether an earlier command may have sent a part of the payout. */
  readonly isUnderWay: boolean;
  /** Called with the results of each call, in the order of the lines. */
  readonly onResults: (results: readonly LineResult[], isReplay: boolean) => Promise<void>;
}

function pendingOf(record: PayoutRecord, key: string, lines: readonly PayoutLine[]) {
  const { server, user, createdAt, command } = record;
  const body = payoutBody(lines, record.mode);
  return {
    ...payoutAct(body),
    key,
    ...targetOf('POST /v1/payouts'),
    body,
    server,
    user,
    createdAt,
    command,
  };
}

/** The failure of a payout that stopped once some of it is done: a status that says that nothing happened would not be true. */
function stopped(reason: string, sentLines: number, { record }: Sending): Failure {
  const settleWith = shellCommand(record.command);
  const far =
    sentLines === 0
      ? 'Of some lines it is not known'
      : `The first ${sentLines} payments of the file are settled`;
  return new Failure('unknown', `${far}; the rest was not sent now: ${reason}`, {
    next: ['Go on with it. Nobody is paid twice, however often it is run:', settleWith],
    settle: settleWith,
  });
}

/** Keeps in the journal what a call that failed leaves, and gives what to say of it. */
async function failed(
  error: unknown,
  index: number,
  sending: Sending,
  parts: readonly (readonly PayoutLine[])[],
) {
  const { journal, record, isUnderWay } = sending;
  if (!(error instanceof Failure) || error.kind === 'unknown') {
    return error;
  }
  // Nobody in the call was paid, and by this key nobody ever will be.
  const isRemembered = isRememberedUnderKey(error);
  if (index === 0 && (isRemembered || !isUnderWay)) {
    // Nothing of the payout was done, so that another run begins anew.
    await journal.remove(record);
    return inLines(error, parts[0] ?? []);
  }
  if (isRemembered) {
    await journal.write({ ...record, keys: record.keys.with(index, randomUUID()) });
  }
  return stopped(error.message, index * record.callSize, sending);
}

/** The record of a payout of which every call has its answer: from now on it tells which lines were paid. */
function finishedRecord(
  { items: _items, ...record }: PayoutRecord,
  lines: readonly PayoutLine[],
  results: readonly LineResult[],
  now: Date,
): PayoutRecord {
  const debits = new Map(results.map(({ line, payment }) => [line, payment?.sent.currency]));
  const paid = lines.flatMap((line) => {
    const currency = debits.get(line.line);
    return currency === undefined ? [] : [{ currency, digest: digestOf(line, currency) }];
  });
  const [first] = paid;
  return {
    ...record,
    digests: [...(record.digests ?? []), ...paid.map(({ digest }) => digest)],
    ...(first && { currency: first.currency }),
    finishedAt: now.toISOString(),
  };
}

/**
 * Sends a payout call by call, each under its own key of the journal, until all have their answers. Calls that an
 * earlier command has sent give the answers that they gave then.
 * @throws Failure
 */
export async function sendCalls(lines: readonly PayoutLine[], sending: Sending): Promise<void> {
  const { context, journal, record, isUnderWay, onResults } = sending;
  const { signal, say, now, stderr } = context;
  const wholeApi = await context.api();
  const bar = makeProgressBar(stderr, 'paying', lines.length, now);
  const onBar = { isQuiet: true, beforeAsking: bar.clear };
  const api: Api = { ...wholeApi, exchange: (call) => wholeApi.exchange({ ...call, ...onBar }) };
  const sayAboveBar = async (text: Shown) => {
    bar.clear();
    await say(text);
  };
  // The journal of the file keeps what is done.
  const settling = { api, journal: { remove: async () => {} }, say: sayAboveBar, signal, now, sleep };
  const parts = partsOf(lines, record.callSize);
  const all: LineResult[] = [];
  try {
    for (const [index, part] of parts.entries()) {
      if (signal.aborted && index > 0) {
        throw stopped('it was interrupted.', index * record.callSize, sending);
      }
      const pending = pendingOf(record, record.keys[index] ?? '', part);
      const { results, isReplay } = await settle(pending, isUnderWay, settling).then(
        ({ answer, isReplay }) => ({ results: lineResults(part, answer), isReplay }),
        async (error: unknown) => {
          const refused = refusedCall(error, part);
          if (refused) {
            return { results: refused.results, isReplay: false };
          }
          throw await failed(error, index, sending, parts);
        },
      );
      bar.clear();
      all.push(...results);
      await onResults(results, isReplay);
      bar.advance(part.length);
    }
  } finally {
    bar.clear();
  }
  await journal.write(finishedRecord(record, lines, all, now())).catch((error: Error) => {
    throw new Failure('unknown', `Every line has its answer, which cannot be noted: ${error.message}`, {
      next: ['Run it again to have it noted; nobody is paid twice.'],
      cause: error,
    });
  });
}
