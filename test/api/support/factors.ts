import { appCode, currentStep } from '../../support/authenticator-app.js';
import type { ApiServer } from './api-server.js';
import type { Reply } from './client.js';
import { changeRows, numberOf } from './database.js';
import { type Person, patiently } from './people.js';

export interface Guarded extends Person {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** A fresh code of the app, for the header that it goes into. */
  shows(): Promise<{ readonly headers: { readonly 'pay-second-factor': string } }>;
}

export const showing = (code: string) => ({ headers: { 'pay-second-factor': code } });

export async function begin({ ask }: ApiServer, { token, password }: Person): Promise<string> {
  const send = { currentPassword: password };
  const begun = await patiently(() => ask('/v1/me/second-factor', { token, send }));
  if (begun.status !== 200) {
    throw new Error(`No second factor was begun: ${begun.text}`);
  }
  return begun.json.secret;
}

/** Forgets that codes were used: a test does not wait half a minute for the next one. */
export async function forgetCodes(server: ApiServer, { id }: Pick<Person, 'id'>): Promise<void> {
  await changeRows(server, 'update second_factors set last_step = 0 where user_id = ?', [numberOf(id)]);
}

/** Switches on the second factor of somebody who has none. */
export async function guarded(server: ApiServer, person: Person): Promise<Guarded> {
  const { ask } = server;
  const { token } = person;
  const secret = await begin(server, person);
  let used = currentStep();
  const confirmed = await ask('/v1/me/second-factor/confirm', {
    token,
    send: { code: appCode(secret, used) },
  });
  if (confirmed.status !== 200) {
    throw new Error(`No second factor was confirmed: ${confirmed.text}`);
  }
  return {
    ...person,
    secret,
    recoveryCodes: confirmed.json.recoveryCodes,
    async shows() {
      if (used > currentStep()) {
        await forgetCodes(server, person);
        used = 0;
      }
      used = Math.max(used + 1, currentStep());
      return showing(appCode(secret, used));
    },
  };
}

/** Sets above which amount payments ask for a code. */
export async function askAbove({ ask }: ApiServer, person: Guarded, amount: string): Promise<Reply> {
  const above = { amount, currency: person.currency };
  const changed = await ask('/v1/me/second-factor', {
    ...{ method: 'PATCH', token: person.token, send: { above } },
    ...(await person.shows()),
  });
  if (changed.status !== 200) {
    throw new Error(`No amount was set: ${changed.text}`);
  }
  return changed;
}
