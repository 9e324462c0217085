import type { SecondFactorRow } from '../../../db/tables/credentials.js';
import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule } from '../../ledger/rule.js';
import { wrongPassword } from '../accounts/change-password.js';

export interface BeginFactor {
  readonly userId: number;
  /** The hash that the current password was checked against. */
  readonly currentHash: string;
  /** The secret, sealed. */
  readonly secret: string;
}

const onAlready = () =>
  new Refusal(
    'SECOND_FACTOR_ON',
    'Your second factor is on already. For another app, switch it off with a code first.',
    { see: 'switchSecondFactorOff' },
  );

/** Keeps a new secret, which asks for nothing until a first code has confirmed it. One that was begun before is forgotten. */
export const beginFactor = defineRule<BeginFactor>('begin-factor', {
  needsTime: false,

  reads: (_book, { userId }) => [
    lookup('users', { id: userId }),
    lookup('second_factors', { user_id: userId }),
  ],

  decide(book, { userId, currentHash, secret }, circumstances) {
    const user = book.get('users', { id: userId });
    if (user.password_hash !== currentHash) {
      throw wrongPassword();
    }
    const before = book.find('second_factors', { user_id: userId });
    if (before?.status === 'on') {
      throw onAlready();
    }
    const begun: SecondFactorRow = {
      user_id: userId,
      status: 'pending',
      secret,
      last_step: 0,
      above: null,
      recovery: '',
      since: circumstances.moment.now,
    };
    if (before) {
      const { user_id: _key, ...changes } = begun;
      book.update('second_factors', before, changes);
    } else {
      book.insert('second_factors', begun);
    }
    recordAct(book, circumstances, {
      action: 'second-factor.begun',
      subject: user.username,
      credentials: stateOf('second_factors', begun),
    });
    return { status: 200, body: {} };
  },
});
