import { createHash } from 'node:crypto';
import type { AuditRow, ChainHeadRow } from '../../../db/tables/acts.js';
import type { Tables } from './tables.js';

/** The hash as the design describes it, written down a second time. */
function hashOf(record: AuditRow, previousHash: string): string {
  const { chain, position, id, at, actor_id, action, subject } = record;
  const { address, request_id, reason, before, after, credentials } = record;
  const text = JSON.stringify([
    ...[previousHash, chain, position, id, at, actor_id, action, subject],
    ...[address, request_id, reason, before, after],
    ...(credentials === null ? [] : [credentials]),
  ]);
  return createHash('sha256').update(text).digest('hex');
}

const chainsOf = (rows: readonly { readonly chain: number }[]) => [
  ...new Set(rows.map(({ chain }) => chain)),
];

/** What is wrong with the audit trail: its chains, and whether what was made was recorded when it was made, once. */
export function auditTrail(tables: Tables): readonly string[] {
  const { audit } = tables;
  const chains = chainsOf(audit).map((chain) => audit.filter((record) => record.chain === chain));
  return [...chains.flatMap(auditChain), ...auditMakings(tables)];
}

/** Of one writer. */
function auditChain(records: readonly AuditRow[]): readonly string[] {
  let before = { id: 0, hash: '0'.repeat(64), position: 0 };
  return records
    .toSorted((one, other) => one.position - other.position)
    .flatMap((record) => {
      const faults = [
        record.position !== before.position + 1 && 'does not follow on the position before it',
        record.hash !== hashOf(record, before.hash) && 'has another hash than its contents',
        record.id <= before.id && 'does not sort after the record before it',
      ];
      before = record;
      return faults.filter((fault) => fault !== false).map((fault) => `record ${record.position} ${fault}`);
    });
}

function auditMakings({ audit, users, sessions, tokens, webhooks }: Tables): readonly string[] {
  const made = [
    [users, 'user.registered', 'admin.registered'],
    [sessions, 'session.opened'],
    [tokens, 'token.created'],
    [webhooks, 'webhook.created'],
  ] as const;
  return made.flatMap(([rows, ...actions]) => {
    const count = audit.filter(({ action }) => actions.some((it) => it === action)).length;
    return count === rows.length
      ? []
      : [`${count} records of ${actions.join(' or ')} stand beside ${rows.length} rows`];
  });
}

/** Each chain ends where its head says; a chain without a head has none of its links vouched for. */
export function auditHeads({ chain_heads, payments, audit }: Tables): readonly string[] {
  const newest = {
    payments: payments.map(({ created_at, ...link }) => ({ ...link, at: created_at })),
    audit,
  };
  return (['payments', 'audit'] as const).flatMap((name) => {
    const heads = chain_heads.filter((head) => head.name === name);
    return [...new Set([...chainsOf(newest[name]), ...chainsOf(heads)])].flatMap((chain) =>
      auditHead(
        `the head of ${name} ${chain}`,
        heads.find((head) => head.chain === chain),
        newest[name].filter((link) => link.chain === chain),
      ),
    );
  });
}

type Link = Pick<ChainHeadRow, 'position' | 'hash' | 'at'>;

function auditHead(name: string, head: Link | undefined, links: readonly Link[]): readonly string[] {
  const none: Link = { position: 0, hash: '0'.repeat(64), at: 0 };
  const newest = links.reduce((last, link) => (link.position > last.position ? link : last), none);
  const isSame = head?.position === newest.position && head.hash === newest.hash && head.at === newest.at;
  return isSame ? [] : [`${name} is not its newest link`];
}
