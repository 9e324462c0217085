import type { UserRow } from '../../../db/tables/users.js';
import { timeText } from '../../clock.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { recordEvent } from '../../ledger/record-event.js';
import { defineRule } from '../../ledger/rule.js';
import { foldedName, nameKey } from './user-store.js';
import { userJson } from './wire.js';

export interface ProfileChange {
  readonly userId: number;
  readonly email?: string | undefined;
  readonly displayName?: string | null | undefined;
}

const profileOf = ({ email, display_name }: UserRow) => ({ email, displayName: display_name });

/** The differences of two profiles, as it was and as it is. */
function differences(was: UserRow, is: UserRow) {
  const [before, after] = [profileOf(was), profileOf(is)];
  const changed = (['email', 'displayName'] as const).filter((name) => before[name] !== after[name]);
  const pick = (profile: typeof before) => Object.fromEntries(changed.map((name) => [name, profile[name]]));
  return changed.length === 0 ? undefined : { before: pick(before), after: pick(after) };
}

export const changeProfile = defineRule<ProfileChange>('change-profile', {
  needsTime: false,

  reads: (_book, { userId }) => [lookup('users', { id: userId }), lookup('accounts', { user_id: userId })],

  decide(book, { userId, email, displayName }, circumstances) {
    const user = book.get('users', { id: userId });
    const changed = book.update('users', user, {
      ...(email !== undefined && { email, email_key: nameKey(email) }),
      ...(displayName !== undefined && {
        display_name: displayName,
        display_name_folded: foldedName(displayName),
      }),
    });
    const changes = differences(user, changed);
    if (changes) {
      recordAct(book, circumstances, {
        action: 'profile.changed',
        subject: user.username,
        ...changes,
        credentials: stateOf('users', changed),
      });
    }
    if (changed.email !== user.email) {
      const { caller, moment } = circumstances;
      recordEvent(book, moment, userId, 'email.changed', {
        before: user.email,
        after: changed.email,
        address: caller.address,
        at: timeText(moment.now),
      });
    }
    return { status: 200, body: userJson(changed, book.get('accounts', { user_id: userId })) };
  },
});
