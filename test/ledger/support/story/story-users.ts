import type { Decision } from '../../../../server/ledger/rule.js';
import type { Model } from '../model/model.js';
import type { Of, Spelling } from './commands.js';
import type { DecisionMaker } from './decision-maker.js';
import { nameOf, pickUser } from './picks.js';

const spelled = (text: string, spelling: Spelling) => {
  switch (spelling) {
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    case 'mixed':
      return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
  }
};

const emailOf = (number: number, spelling: Spelling) => spelled(`mail${number}@example.org`, spelling);

/** The people of a story. */
export class StoryUsers {
  readonly #model: Model;
  readonly #maker: DecisionMaker;

  constructor(model: Model, maker: DecisionMaker) {
    this.#model = model;
    this.#maker = maker;
  }

  register({ name, spelling, email, currency, credit }: Of<'register'>): readonly Decision[] {
    const registration = {
      username: spelled(nameOf(name), spelling),
      email: emailOf(email, spelling),
      displayName: null,
      passwordHash: `hash ${this.#maker.serial}`,
      currency,
      role: 'user',
      openingCredit: credit,
    };
    return [this.#maker.make('register-user', null, registration)];
  }

  changeEmail({ user, email, spelling }: Of<'change email'>): readonly Decision[] {
    const userId = pickUser(this.#model, user)?.id;
    return userId === undefined
      ? []
      : [this.#maker.make('change-profile', userId, { userId, email: emailOf(email, spelling) })];
  }
}
