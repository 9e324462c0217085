import type { LimitRow } from '../../../db/tables/users.js';
import { lookup } from '../../ledger/book/lookup.js';
import { recordAct } from '../../ledger/record-act.js';
import { findRated } from '../../money/rate-table.js';
import { actingAdmin, actingAdminReads } from '../accounts/acting-admin.js';
import { currencyNotFound } from '../conversion/currency-field.js';
import { ratesInForce, ratesReads, tableOf } from '../conversion/rates-in-book.js';
import { defineAskingRule } from '../second-factor/ask-for-code.js';
import { limitSubject } from './limits.js';
import { limitJson } from './wire.js';

export interface ChangeLimit {
  /** The user whose limits these are; null for those of all who hold the currency. */
  readonly userId: number | null;
  /** The currency of the limits; the user's, where they are one's own. */
  readonly currency: string;
  /** The most of one payment, in minor units; null sets none, undefined leaves it as it is. */
  readonly perPayment?: number | null;
  readonly perDay?: number | null;
  readonly reason: string;
}

const subjectOf = ({ userId, currency }: ChangeLimit) => (userId === null ? currency : limitSubject(userId));

export const changeLimit = defineAskingRule<ChangeLimit>('change-limit', {
  needsTime: false,

  reads: (book, input, caller) => [
    ...actingAdminReads(caller),
    lookup('limits', { subject: subjectOf(input) }),
    ...(input.userId === null ? ratesReads(book) : [lookup('users', { id: input.userId })]),
  ],

  decide(book, input, circumstances) {
    actingAdmin(book, circumstances);
    const { userId, currency, perPayment, perDay, reason } = input;
    // It may have gone since the input was read.
    if (userId === null && findRated(tableOf(ratesInForce(book)), currency) === undefined) {
      throw currencyNotFound(currency);
    }
    const username = userId === null ? null : book.get('users', { id: userId }).username;
    const known = book.find('limits', { subject: subjectOf(input) });
    const before: LimitRow = known ?? {
      subject: subjectOf(input),
      user_id: userId,
      currency,
      per_payment: null,
      per_day: null,
    };
    const after: LimitRow = {
      ...before,
      ...(perPayment !== undefined && { per_payment: perPayment }),
      ...(perDay !== undefined && { per_day: perDay }),
    };
    if (after.per_payment !== before.per_payment || after.per_day !== before.per_day) {
      if (known) {
        book.update('limits', known, { per_payment: after.per_payment, per_day: after.per_day });
      } else {
        book.insert('limits', after);
      }
      const figures = ({ perPayment, perDay }: ReturnType<typeof limitJson>) => ({ perPayment, perDay });
      recordAct(book, circumstances, {
        action: 'limits.changed',
        subject: username ?? currency,
        reason,
        before: figures(limitJson(before, username)),
        after: figures(limitJson(after, username)),
      });
    }
    return { status: 200, body: limitJson(after, username) };
  },
});
