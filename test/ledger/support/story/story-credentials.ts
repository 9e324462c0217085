import type { Decision } from '../../../../server/ledger/rule.js';
import { usualLifetimes } from '../../../support/usual-lifetimes.js';
import type { Model } from '../model/model.js';
import type { Of } from './commands.js';
import type { DecisionMaker } from './decision-maker.js';
import { pickCredential, pickUser } from './picks.js';

/** The sessions and tokens of a story. */
export class StoryCredentials {
  readonly #model: Model;
  readonly #maker: DecisionMaker;

  constructor(model: Model, maker: DecisionMaker) {
    this.#model = model;
    this.#maker = maker;
  }

  logIn({ user, isRightPassword }: Of<'log in'>): readonly Decision[] {
    const picked = pickUser(this.#model, user);
    if (picked?.id === undefined) {
      return [];
    }
    return [
      this.#maker.make('open-session', picked.id, {
        userId: picked.id,
        tokenHash: this.#maker.freshHash(),
        lifetimes: usualLifetimes,
        guesses: [],
        passwordHash: isRightPassword ? picked.passwordHash : 'wrong',
      }),
    ];
  }

  logOut({ session }: Of<'log out'>): readonly Decision[] {
    return this.#ofSession(session, ({ userId, sessionId }) =>
      this.#maker.make('end-session', userId, { userId, sessionId }),
    );
  }

  changePassword({ session, isRightPassword }: Of<'change password'>): readonly Decision[] {
    return this.#ofSession(session, ({ userId, sessionId }) => {
      const currentHash = isRightPassword ? (this.#model.userById(userId)?.passwordHash ?? '') : 'wrong';
      const newHash = `hash ${this.#maker.serial}`;
      return this.#maker.make('change-password', userId, { userId, sessionId, currentHash, newHash });
    });
  }

  makeToken({ session }: Of<'make token'>): readonly Decision[] {
    return this.#ofSession(session, ({ userId, sessionId }) => {
      const tokenHash = this.#maker.freshHash();
      const token = { tokenHash, name: 'script', scopes: ['read', 'pay'], expiresInDays: 90 };
      const made = this.#maker.make('create-token', userId, { userId, sessionId, ...token });
      const credential = { kind: 'session', id: sessionId } as const;
      return { ...made, caller: { ...made.caller, credential } };
    });
  }

  revokeToken({ token, by }: Of<'revoke token'>): readonly Decision[] {
    const picked = pickCredential(this.#model, 'token', token);
    const userId = by === 'owner' ? picked?.userId : pickUser(this.#model, by)?.id;
    const input = { userId, tokenId: picked?.id ?? 999_999 };
    return userId === undefined ? [] : [this.#maker.make('revoke-token', userId, input)];
  }

  #ofSession(
    which: number,
    make: (session: { readonly userId: number; readonly sessionId: number }) => Decision,
  ): readonly Decision[] {
    const session = pickCredential(this.#model, 'session', which);
    return session?.id === undefined ? [] : [make({ userId: session.userId, sessionId: session.id })];
  }
}
