import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { moneyJson } from '../../money/format.js';
import { defineAskingRule, factorOf, useCode } from '../second-factor/ask-for-code.js';
import { noFactor } from './no-factor.js';
import { factorJson } from './wire.js';

export interface ChangeFactor {
  readonly userId: number;
  /** The amount above which payments ask for a code, in minor units of the user's currency; null asks at no payment. */
  readonly above: number | null;
}

/** Sets above which amount payments ask for a code. It takes one itself: else whoever has a session could do without. */
export const changeFactor = defineAskingRule<ChangeFactor>('change-factor', {
  needsTime: false,

  reads: (_book, { userId }) => [lookup('users', { id: userId })],

  decide(book, { userId, above }, circumstances) {
    const row = factorOf(book, circumstances.caller);
    if (row === undefined) {
      throw noFactor();
    }
    const used = useCode(book, row, circumstances, { why: 'Changing that amount takes' });
    const { username, currency } = book.get('users', { id: userId });
    const changed = book.update('second_factors', used, { above });
    const money = (minor: number | null) => (minor === null ? null : moneyJson({ minor, currency }));
    recordAct(book, circumstances, {
      action: 'second-factor.changed',
      subject: username,
      before: { above: money(row.above) },
      after: { above: money(above) },
      credentials: stateOf('second_factors', changed),
    });
    return { status: 200, body: factorJson(changed, currency) };
  },
});
