import { timeText } from '../../clock.js';
import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import { defineAskingRule, useCode } from '../second-factor/ask-for-code.js';

export interface ConfirmFactor {
  readonly userId: number;
  /** The hashes of the recovery codes that are shown once the factor is on. */
  readonly recoveryHashes: readonly string[];
}

/** How long a secret that was shown can be confirmed, in minutes. */
export const confirmableMinutes = 15;

const confirmableMicros = confirmableMinutes * 60_000_000;

const nothingBegun = () =>
  new Refusal(
    'NOT_FOUND',
    `There is no second factor to confirm; one that was begun can be for ${confirmableMinutes} minutes. Begin again.`,
    { see: 'beginSecondFactor' },
  );

/** Switches the second factor on, since a first code has shown that the app knows the secret. That code is used up with it. */
export const confirmFactor = defineAskingRule<ConfirmFactor>('confirm-factor', {
  needsTime: false,

  reads: (_book, { userId }) => [
    lookup('users', { id: userId }),
    lookup('second_factors', { user_id: userId }),
  ],

  decide(book, { userId, recoveryHashes }, circumstances) {
    const { caller, moment } = circumstances;
    const row = book.find('second_factors', { user_id: userId });
    if (row?.status !== 'pending' || moment.now - row.since >= confirmableMicros) {
      throw nothingBegun();
    }
    const used = useCode(book, row, circumstances, { why: 'Switching it on takes' });
    const confirmed = book.update('second_factors', used, {
      status: 'on',
      recovery: recoveryHashes.join(' '),
      since: moment.now,
    });
    const { username } = book.get('users', { id: userId });
    recordAct(book, circumstances, {
      action: 'second-factor.on',
      subject: username,
      credentials: stateOf('second_factors', confirmed),
    });
    recordEvent(book, moment, userId, 'second-factor.on', {
      address: caller.address,
      at: timeText(moment.now),
    });
    return { status: 200, body: {} };
  },
});
