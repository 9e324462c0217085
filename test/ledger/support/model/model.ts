import type { ProfileChange } from '../../../../server/features/accounts/change-profile.js';
import type { Registration } from '../../../../server/features/accounts/register-user.js';
import type { SendPayment } from '../../../../server/features/payments/send-payment.js';
import type { Decision } from '../../../../server/ledger/rule.js';
import type { Expected } from './expected.js';
import { type Credentials, makeCredentials } from './model-credentials.js';
import { ModelKeys } from './model-keys.js';
import { ModelPayments } from './model-payments.js';
import { type ModelUser, ModelUsers } from './model-users.js';

export interface Model {
  readonly users: ReadonlyMap<string, ModelUser>;
  readonly credentials: Credentials;
  /** How many payments moved money between two users, and how many opening credits were given. */
  readonly transfers: number;
  readonly openingCredits: number;
  /** How many keys stand for something. */
  readonly keys: number;
  userById(id: number): ModelUser | undefined;
  /** What is to be answered, with the effect taken in. */
  expect(decision: Decision): Expected;
}

export function makeModel(): Model {
  const users = new ModelUsers();
  const payments = new ModelPayments(users);
  const keys = new ModelKeys();
  const userById = (id: number) => users.byId(id);
  const credentials = makeCredentials(userById);

  function judge({ rule, input, isDryRun }: Decision): Expected {
    switch (rule) {
      case 'register-user':
        return users.register(input as Registration);
      case 'change-profile':
        return users.changeProfile(input as ProfileChange);
      case 'send-payment':
        return payments.pay(input as SendPayment, isDryRun ?? false);
      default:
        return credentials.judge(rule, input);
    }
  }

  return {
    users: users.byName,
    credentials,
    get transfers() {
      return payments.transfers;
    },
    get openingCredits() {
      return users.openingCredits;
    },
    get keys() {
      return keys.size;
    },
    userById,
    expect: (decision) =>
      decision.key === undefined || decision.isDryRun
        ? judge(decision)
        : keys.expect(decision, () => judge(decision)),
  };
}
