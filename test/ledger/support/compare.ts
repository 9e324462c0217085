import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import type { PaymentJson } from '../../../server/features/payments/wire.js';
import type { Outcome } from '../../../server/ledger/outcome.js';
import { moneyJson } from '../../../server/money/format.js';
import type { Moved } from './model/expected.js';
import type { Model } from './model/model.js';
import type { Planned } from './story/story.js';
import type { Tables } from './tables.js';

/** What was answered so far, by requestId. */
export type Answered = Map<string, Outcome>;

function assertMoved(moved: Moved, json: string, isDryRun: boolean): void {
  const { id, sent, received, balanceAfter } = JSON.parse(json) as PaymentJson;
  const money = (minor: bigint, currency: string) => moneyJson({ minor: Number(minor), currency });
  deepStrictEqual(sent, money(moved.sent, sent.currency));
  deepStrictEqual(received, money(moved.received, received.currency));
  deepStrictEqual(balanceAfter, money(moved.balanceAfter, sent.currency));
  strictEqual(id === null, isDryRun);
}

/** Throws where the outcome is another than the model says. */
export function assertOutcome({ decision, expected }: Planned, outcome: Outcome, answered: Answered): void {
  strictEqual(outcome.fault, null);
  answered.set(decision.caller.requestId, outcome);
  switch (expected.is) {
    case 'accepted':
      strictEqual(`${outcome.status} ${outcome.isReplay}`, `${expected.status} false`, outcome.json);
      if (expected.moved) {
        assertMoved(expected.moved, outcome.json, decision.isDryRun ?? false);
      }
      return;
    case 'refused':
      strictEqual(JSON.parse(outcome.json).code, expected.code);
      strictEqual(JSON.parse(outcome.json).status, outcome.status);
      strictEqual(outcome.isReplay, false);
      return;
    case 'replay': {
      const { status, json, location } = answered.get(expected.of) ?? {};
      strictEqual(outcome.json, json);
      deepStrictEqual([outcome.status, outcome.location, outcome.isReplay], [status, location, true]);
    }
  }
}

/** What an answer says apart from where and when it was given. */
function gist({ status, json }: Outcome): object {
  const { id: _id, createdAt: _at, requestId: _request, ...rest } = JSON.parse(json);
  return { isAccepted: status < 300, ...rest };
}

/** Throws where a dry run said something else than what then happened. */
export function assertPreviewHeld({ decision, expected, preview }: Planned, answered: Answered): void {
  const isJudgedByKey =
    expected.is === 'replay' || (expected.is === 'refused' && expected.code === 'IDEMPOTENCY_KEY_REUSED');
  if (!preview || isJudgedByKey) {
    return;
  }
  const [before, after] = [preview, { decision }].map((it) => answered.get(it.decision.caller.requestId));
  ok(before && after);
  deepStrictEqual(gist(after), gist(before));
}

/** Gives the model the ids that the answers have made known. */
export function learnIds(model: Model, { users, sessions, tokens }: Tables): void {
  for (const { username_key, id } of users) {
    const user = model.users.get(username_key);
    ok(user, `${username_key} is nobody`);
    user.id = id;
  }
  for (const { token_hash, id } of [...sessions, ...tokens]) {
    const credential = model.credentials.all.get(token_hash);
    ok(credential, `nobody asked for ${id}`);
    credential.id = id;
  }
}

/** Throws where the rows are others than the model says: whatever was refused or only tried has left nothing. */
export function assertState(model: Model, tables: Tables): void {
  const { users, accounts, payments, sessions, tokens, idempotency_keys } = tables;
  const balances = new Map(accounts.map(({ user_id, balance }) => [user_id, balance]));
  deepStrictEqual(
    users.map((user) => ({
      username: user.username,
      email: user.email,
      emailKey: user.email_key,
      currency: user.currency,
      passwordHash: user.password_hash,
      isFrozen: user.status === 'frozen',
      balance: BigInt(balances.get(user.id) ?? -1),
    })),
    [...model.users.values()].map(({ username, email, currency, passwordHash, isFrozen, balance }) => ({
      ...{ username, email, emailKey: email.toLowerCase(), currency, passwordHash, isFrozen, balance },
    })),
  );
  const live = [
    ...sessions.filter(({ ended_at }) => ended_at === null),
    ...tokens.filter(({ revoked_at }) => revoked_at === null),
  ];
  deepStrictEqual(
    live.map(({ token_hash }) => token_hash).sort(),
    [...model.credentials.all].flatMap(([hash, { isLive }]) => (isLive ? [hash] : [])).sort(),
  );
  strictEqual(sessions.length + tokens.length, model.credentials.all.size);
  strictEqual(payments.length, model.transfers + model.openingCredits);
  strictEqual(idempotency_keys.length, model.keys);
}
