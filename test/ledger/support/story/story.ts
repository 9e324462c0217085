import type { Decision } from '../../../../server/ledger/rule.js';
import type { Expected } from '../model/expected.js';
import type { Model } from '../model/model.js';
import type { ModelUser } from '../model/model-users.js';
import type { Command } from './commands.js';
import { DecisionMaker } from './decision-maker.js';
import { pickUser } from './picks.js';
import { StoryCredentials } from './story-credentials.js';
import { StoryPayments } from './story-payments.js';
import { StoryUsers } from './story-users.js';

/** A decision with what the model says of it. */
export interface Planned {
  readonly decision: Decision;
  readonly expected: Expected;
  /** The dry run of the same just before, where there was one. */
  readonly preview?: Planned;
}

export interface Teller {
  /** The decisions of a command, and what is to become of them: none where nobody is there to try it. */
  plan(command: Command): readonly Planned[];
  /** Somebody who exists. */
  pickUser(which: number): ModelUser | undefined;
}

/** Turns commands into decisions, with the model's knowledge of who there is and what they hold. */
export function makeTeller(model: Model): Teller {
  const maker = new DecisionMaker();
  const users = new StoryUsers(model, maker);
  const payments = new StoryPayments(model, maker);
  const credentials = new StoryCredentials(model, maker);

  function decisionsOf(command: Command): readonly Decision[] {
    switch (command.is) {
      case 'register':
        return users.register(command);
      case 'change email':
        return users.changeEmail(command);
      case 'pay':
        return payments.pay(command);
      case 'repeat':
        return payments.repeat(command);
      case 'log in':
        return credentials.logIn(command);
      case 'log out':
        return credentials.logOut(command);
      case 'make token':
        return credentials.makeToken(command);
      case 'revoke token':
        return credentials.revokeToken(command);
      case 'change password':
        return credentials.changePassword(command);
    }
  }

  return {
    pickUser: (which) => pickUser(model, which),
    plan(command) {
      let preview: Planned | undefined;
      return decisionsOf(command).map((made) => {
        const planned = { decision: made, expected: model.expect(made), ...(preview && { preview }) };
        preview = made.isDryRun ? planned : undefined;
        return planned;
      });
    },
  };
}
