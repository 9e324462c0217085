import {
  askRegistration,
  missingOf,
  type Registration,
  type RegistrationOptions,
} from '../account/ask-registration.js';
import { findMe } from '../account/find-me.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { showCard } from '../terminal/show.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import { shown } from '../terminal/text/shown.js';
import { refuseOthers } from './act-on-user/ask-user.js';
import { userFields } from './act-on-user/user-text.js';

/** Asks for what was not given of a person; without a terminal the currency is one's own. */
async function askWhom(
  context: Context,
  operand: string | undefined,
  options: RegistrationOptions,
): Promise<Registration> {
  const { currency } = await findMe(context);
  const given = context.prompts.canAsk ? options : { currency, ...options };
  const missing = missingOf(operand, given);
  context.prompts.gate(missing);
  if (missing.length > 0) {
    await refuseOthers(context);
  }
  return await askRegistration(context, operand, given, currency);
}

/** Registers a further administrator. */
export const add: Run<RegistrationOptions> = async (context, [operand], options) => {
  const registration = await askWhom(context, operand, options);
  const api = await context.api();
  const user = await api.call('POST /v1/admin/admins', {
    body: registration,
    ifUnknown: [
      'See whether the account exists:',
      shellCommand(['pay', 'admin', 'user', registration.username]),
    ],
  });
  await context.say(shown`${context.stderr.pen.green('✓')} ${user.username} is an administrator.`);
  await showCard(context, user, userFields(user, context));
};
