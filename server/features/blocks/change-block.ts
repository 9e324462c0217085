import type { BlockRow } from '../../../db/tables/users.js';
import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule, done } from '../../ledger/rule.js';

export interface ChangeBlock {
  readonly userId: number;
  /** The other one's username in lower case. */
  readonly username: string;
  readonly isBlocked: boolean;
}

/** Blocks or unblocks; to say the same twice changes nothing. */
export const changeBlock = defineRule<ChangeBlock>('change-block', {
  needsTime: false,

  reads(book, { userId, username }) {
    const other = book.peek('users', { username_key: username });
    return [
      lookup('users', { username_key: username }),
      ...(other ? [lookup('blocks', { blocker_id: userId, blocked_id: other.id })] : []),
    ];
  },

  decide(book, { userId, username, isBlocked }, circumstances) {
    const other = book.find('users', { username_key: username });
    if (!other || other.id === userId) {
      throw new Refusal('NOT_FOUND', `There is nobody else called ${username}. Check the spelling.`);
    }
    const key = { blocker_id: userId, blocked_id: other.id };
    const block = book.find('blocks', key);
    if (block ? (block.ended_at === null) === isBlocked : !isBlocked) {
      return done;
    }
    const { now } = circumstances.moment;
    const changes = isBlocked ? { created_at: now, ended_at: null } : { ended_at: now };
    const changed: BlockRow = { ...key, created_at: now, ...block, ...changes };
    if (block) {
      book.update('blocks', block, changes);
    } else {
      book.insert('blocks', changed);
    }
    recordAct(book, circumstances, {
      action: isBlocked ? 'block.set' : 'block.ended',
      subject: other.username,
      credentials: stateOf('blocks', changed),
    });
    return done;
  },
});
