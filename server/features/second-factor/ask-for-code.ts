import assert from 'node:assert/strict';
import type { SecondFactorRow } from '../../../db/tables/credentials.js';
import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import type { Book } from '../../ledger/book/book.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import { type Caller, type Circumstances, defineRule, type Rule } from '../../ledger/rule.js';
import { moneyJson } from '../../money/format.js';
import { forgiveFailures, guessReads, noteFailure } from '../guesses/note-guesses.js';
import { judgeCode, recoveryHashes } from './judge-code.js';

type Asking = Pick<Circumstances, 'caller' | 'moment' | 'isDryRun'>;

/** The caller's second factor where it is on. */
export function factorOf(book: Book, { userId }: Pick<Caller, 'userId'>): SecondFactorRow | undefined {
  const row = userId === null ? undefined : book.find('second_factors', { user_id: userId });
  return row?.status === 'on' ? row : undefined;
}

/** The act that a code is asked for. */
interface Asked {
  /** The reason, which begins the sentence of the refusal: "Logging in takes". */
  readonly why: string;
  readonly isAtLogin?: true;
  readonly figures?: Readonly<Record<string, unknown>>;
}

function missing({ why, figures, ...details }: Asked): Refusal {
  return new Refusal(
    'SECOND_FACTOR_REQUIRED',
    `${why} a code of your second factor: repeat this, with the same Idempotency-Key if it had one, with the header Pay-Second-Factor.`,
    { ...details, figures: { ...figures, reason: 'missing' } },
  );
}

const wrong = ({ why: _why, ...details }: Asked) =>
  new Refusal(
    'SECOND_FACTOR_REQUIRED',
    'The code is wrong, over or used already; nothing was done. Take the next one that the app shows, or a recovery code.',
    { ...details, figures: { reason: 'wrong' } },
  );

/** A recovery code stands for an app that is lost, so its owner is told that one was used. */
function tellOfRecovery(book: Book, { caller, moment }: Asking, row: SecondFactorRow): void {
  const { username } = book.get('users', { id: row.user_id });
  const left = recoveryHashes(row).length;
  recordAct(
    book,
    { caller, moment },
    {
      action: 'second-factor.recovered',
      subject: username,
      after: { left },
      credentials: stateOf('second_factors', row),
    },
  );
  recordEvent(book, moment, row.user_id, 'second-factor.recovered', {
    address: caller.address,
    at: timeText(moment.now),
    left,
  });
}

/**
 * Uses up the code that was shown, in the transaction of what it is shown for, and gives the row as it is then.
 * @throws Refusal SECOND_FACTOR_REQUIRED where there is none, or a wrong one
 */
export function useCode(
  book: Book,
  row: SecondFactorRow,
  circumstances: Asking,
  asked: Asked,
): SecondFactorRow {
  const { caller, moment } = circumstances;
  assert.equal(caller.userId, row.user_id);
  if (caller.factor === undefined) {
    throw missing(asked);
  }
  const used = judgeCode(row, caller.factor, moment.now);
  if (used === undefined) {
    throw wrong(asked);
  }
  forgiveFailures(book, caller.factor.guesses);
  const changed = book.update('second_factors', row, used);
  if ('recovery' in used) {
    tellOfRecovery(book, circumstances, changed);
  }
  return changed;
}

/** Asks whoever has a second factor for a code. A dry run does nothing, and is not asked. @throws Refusal SECOND_FACTOR_REQUIRED */
export function askForCode(book: Book, circumstances: Asking, asked: Asked): void {
  const row = factorOf(book, circumstances.caller);
  if (row !== undefined && !circumstances.isDryRun) {
    useCode(book, row, circumstances, asked);
  }
}

/** Asks for a code where the caller pays more than the amount that the caller has set. `minor` is what the caller is debited. */
export function askForCodeAbove(
  book: Book,
  circumstances: Asking,
  { minor, currency }: { readonly minor: number; readonly currency: string },
): void {
  const above = factorOf(book, circumstances.caller)?.above ?? null;
  if (above !== null && minor > above) {
    const money = moneyJson({ minor: above, currency });
    askForCode(book, circumstances, {
      why: `More than ${money.amount} ${currency} takes`,
      figures: { above: money },
    });
  }
}

/** Asks an administrator for a code; one without a second factor goes on where the operator does not demand it. */
export function askAdministrator(book: Book, circumstances: Asking): void {
  const { caller } = circumstances;
  if (caller.adminsNeedFactor === true && factorOf(book, caller) === undefined) {
    throw new Refusal(
      'SECOND_FACTOR_REQUIRED',
      'Administrators need a second factor on this server to change anything, and you have none. Switch it on first.',
      { see: 'beginSecondFactor', figures: { reason: 'none' } },
    );
  }
  askForCode(book, circumstances, { why: 'What an administrator changes takes' });
}

/** Records that a wrong code was shown, and counts it as a guess. */
function noteWrongCode(book: Book, { caller, moment }: Pick<Circumstances, 'caller' | 'moment'>): void {
  assert(caller.userId !== null && caller.factor !== undefined);
  const { username } = book.get('users', { id: caller.userId });
  const actorId = caller.credential === undefined ? null : caller.userId;
  recordAct(book, { caller, moment }, { action: 'second-factor.refused', subject: username, actorId });
  noteFailure(book, caller.factor.guesses, moment.now);
}

/**
 * Makes a rule that may ask its caller for a code: with what that reads, and with a count of the wrong ones. Every rule that asks
 * is made so.
 */
export function defineAskingRule<Input, Facts = undefined>(
  ...[name, rule]: Parameters<typeof defineRule<Input, Facts>>
): Rule<Input, Facts> {
  return defineRule<Input, Facts>(name, {
    ...rule,
    reads: (book, input, caller, now) => [
      ...rule.reads(book, input, caller, now),
      ...(caller.userId === null ? [] : [lookup('second_factors', { user_id: caller.userId })]),
      ...(caller.userId === null || caller.factor === undefined
        ? []
        : [lookup('users', { id: caller.userId }), ...guessReads(caller.factor.guesses)]),
    ],
    noteRefusal(book, input, refusal, circumstances) {
      rule.noteRefusal?.(book, input, refusal, circumstances);
      if (refusal.code === 'SECOND_FACTOR_REQUIRED' && circumstances.caller.factor !== undefined) {
        noteWrongCode(book, circumstances);
      }
    },
  });
}
