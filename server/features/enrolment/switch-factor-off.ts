import type { SecondFactorRow } from '../../../db/tables/credentials.js';
import { timeText } from '../../clock.js';
import type { Book } from '../../ledger/book/book.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import { type Circumstances, done } from '../../ledger/rule.js';
import { defineAskingRule, factorOf, useCode } from '../second-factor/ask-for-code.js';
import { noFactor } from './no-factor.js';

/** Forgets a secret and its recovery codes, and tells the user. `reason` is that of an administrator who does it. */
export function forgetFactor(
  book: Book,
  { caller, moment }: Pick<Circumstances, 'caller' | 'moment'>,
  row: SecondFactorRow,
  reason: string | null,
): void {
  const { now } = moment;
  const { username } = book.get('users', { id: row.user_id });
  const off = book.update('second_factors', row, {
    status: 'off',
    secret: null,
    above: null,
    recovery: '',
    since: now,
  });
  recordAct(
    book,
    { caller, moment },
    {
      action: 'second-factor.off',
      subject: username,
      reason,
      credentials: stateOf('second_factors', off),
    },
  );
  // The address of an administrator who acts is none of the user's business.
  const how = reason === null ? { address: caller.address } : { reason };
  recordEvent(book, moment, row.user_id, 'second-factor.off', { ...how, at: timeText(now) });
}

/** A user switches the second factor off, with a code. */
export const switchFactorOff = defineAskingRule<{ readonly userId: number }>('switch-factor-off', {
  needsTime: false,

  reads: (_book, { userId }) => [lookup('users', { id: userId })],

  decide(book, _input, circumstances) {
    const row = factorOf(book, circumstances.caller);
    if (row === undefined) {
      throw noFactor();
    }
    const used = useCode(book, row, circumstances, { why: 'Switching it off takes' });
    forgetFactor(book, circumstances, used, null);
    return done;
  },
});
