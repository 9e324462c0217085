import assert from 'node:assert/strict';
import type { ProfileChange } from '../../../../server/features/accounts/change-profile.js';
import type { Registration } from '../../../../server/features/accounts/register-user.js';
import { type Expected, largest, refused } from './expected.js';

export interface ModelUser {
  readonly username: string;
  readonly currency: string;
  email: string;
  balance: bigint;
  isFrozen: boolean;
  passwordHash: string;
  /** Known once the registration was answered. */
  id: number | undefined;
}

/** The users by the lower-case spelling of their names, and the money that was issued to them. */
export class ModelUsers {
  readonly byName = new Map<string, ModelUser>();
  readonly #issued = new Map<string, bigint>();
  #openingCredits = 0;

  get openingCredits(): number {
    return this.#openingCredits;
  }

  byId(id: number): ModelUser | undefined {
    return [...this.byName.values()].find((user) => user.id === id);
  }

  register({ username, email, currency, openingCredit, passwordHash }: Registration): Expected {
    const key = username.toLowerCase();
    if (this.byName.has(key)) {
      return refused('USERNAME_TAKEN');
    }
    const balance = BigInt(openingCredit);
    const issuedNow = (this.#issued.get(currency) ?? 0n) + balance;
    if (issuedNow > largest) {
      return refused('INVALID_AMOUNT');
    }
    this.#issued.set(currency, issuedNow);
    this.#openingCredits += balance > 0n ? 1 : 0;
    this.byName.set(key, {
      ...{ username, currency, email, balance, passwordHash },
      isFrozen: false,
      id: undefined,
    });
    return { is: 'accepted', status: 201 };
  }

  changeProfile({ userId, email }: ProfileChange): Expected {
    const user = this.byId(userId);
    assert(user, 'Only users change their profiles.');
    user.email = email ?? user.email;
    return { is: 'accepted', status: 200 };
  }
}
