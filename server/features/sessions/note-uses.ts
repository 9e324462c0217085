import type { SessionRow, TokenRow } from '../../../db/tables/credentials.js';
import type { Book } from '../../ledger/book/book.js';
import { lookup } from '../../ledger/book/lookup.js';
import { endOfCredential } from '../../ledger/judge-credential.js';
import { defineRule, done } from '../../ledger/rule.js';

/** A session or personal token that was used at a time, in microseconds. */
export interface CredentialUse {
  readonly kind: 'session' | 'token';
  readonly id: number;
  readonly at: number;
}

export interface NoteUses {
  readonly uses: readonly CredentialUse[];
  /** How long a session lasts from its last use on. */
  readonly idleMicros: number;
}

/** Whether it was used later than is known, and before it was over. */
const isNews = (row: SessionRow | TokenRow | undefined, at: number): row is SessionRow | TokenRow =>
  row !== undefined && (row.last_used_at ?? 0) < at && at < endOfCredential(row);

function note(book: Book, { kind, id, at }: CredentialUse, idleMicros: number): void {
  if (kind === 'session') {
    const session = book.find('sessions', { id });
    if (isNews(session, at)) {
      book.update('sessions', session as SessionRow, { last_used_at: at, idle_until: at + idleMicros });
    }
    return;
  }
  const token = book.find('tokens', { id });
  if (isNews(token, at)) {
    book.update('tokens', token as TokenRow, { last_used_at: at });
  }
}

/** Notes when sessions and tokens were used, many by one decision; a session that was used lasts longer. */
export const noteUses = defineRule<NoteUses>('note-uses', {
  needsTime: false,

  reads: (_book, { uses }) =>
    uses.map(({ kind, id }) => (kind === 'session' ? lookup('sessions', { id }) : lookup('tokens', { id }))),

  decide(book, { uses, idleMicros }) {
    for (const use of uses) {
      note(book, use, idleMicros);
    }
    return done;
  },
});
