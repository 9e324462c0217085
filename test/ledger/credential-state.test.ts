import test from 'ava';
import type { Rows } from '../../db/rows.js';
import type { TableForm } from '../../db/tables/table-form.js';
import { tables } from '../../db/tables.js';
import { type CredentialTable, stateOf } from '../../server/ledger/credential-state.js';
import { alice, block, invitation, secondFactor, session, token, webhook } from '../db/support/rows.js';

const live: { readonly [Table in CredentialTable]: Rows[Table] } = {
  users: alice,
  sessions: { ...session, ended_at: null },
  tokens: { ...token, revoked_at: null },
  second_factors: { ...secondFactor, status: 'on' },
  invitations: { ...invitation, revoked_at: null, used_by: null, used_at: null },
  webhooks: { ...webhook, status: 'active' },
  blocks: { ...block, ended_at: null },
};

/** The columns that say nothing of a right: those of its use, those that follow from others, and what acts of their own tell of users. */
const others: Readonly<Record<CredentialTable, readonly string[]>> = {
  users: ['email_key', 'display_name_folded', 'role', 'status'],
  sessions: ['last_used_at', 'idle_until'],
  tokens: ['last_used_at'],
  second_factors: ['last_step'],
  invitations: ['used_by'],
  webhooks: ['event_cursor'],
  blocks: [],
};

const changed = (value: unknown) => (typeof value === 'string' ? `${value}x` : Number(value) + 1);

for (const table of Object.keys(live) as CredentialTable[]) {
  test(`the state of a row of ${table} is another when anything of the right is`, (t) => {
    const row: object = live[table];
    const before = JSON.stringify(stateOf(table, live[table]));
    const { columns }: Pick<TableForm<never>, 'columns'> = tables[table];
    const unsealed = columns.filter((column) => {
      const other = { ...row, [column]: changed((row as Record<string, unknown>)[column]) };
      return JSON.stringify(stateOf(table, other as Rows[typeof table])) === before;
    });
    t.deepEqual(unsealed, others[table]);
  });
}

const over: readonly (readonly [CredentialTable, object])[] = [
  ['sessions', { ended_at: 5 }],
  ['tokens', { revoked_at: 5 }],
  ['second_factors', { status: 'off' }],
  ['invitations', { used_at: 5, used_by: 2 }],
  ['invitations', { revoked_at: 5 }],
  ['webhooks', { status: 'disabled' }],
  ['blocks', { ended_at: 5 }],
];

for (const [table, end] of over) {
  test(`a row of ${table} that has ${JSON.stringify(end)} gives no right any more`, (t) => {
    t.deepEqual(Object.values(stateOf(table, { ...live[table], ...end } as Rows[typeof table])), [null]);
  });
}
