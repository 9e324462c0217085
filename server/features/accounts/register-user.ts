import type { AccountRow, UserRow } from '../../../db/tables/users.js';
import { Refusal } from '../../errors.js';
import { lookup } from '../../ledger/book/lookup.js';
import { stateOf } from '../../ledger/credential-state.js';
import { postPayment } from '../../ledger/post-payment.js';
import { recordAct } from '../../ledger/record-act.js';
import { defineRule } from '../../ledger/rule.js';
import { issuanceAccountId } from '../../ledger/system-accounts.js';
import { unknownCurrencyFault } from '../../money/fields.js';
import { findRated } from '../../money/rate-table.js';
import { ratesInForce, ratesReads, tableOf } from '../conversion/rates-in-book.js';
import { useInvitation } from './invitation.js';
import { foldedName, nameKey } from './user-store.js';
import { userJson } from './wire.js';

export interface Registration {
  readonly username: string;
  readonly email: string;
  readonly displayName: string | null;
  readonly passwordHash: string;
  readonly currency: string;
  readonly role: 'user' | 'admin';
  /** The opening credit, in minor units of the user's currency; zero gives none. */
  readonly openingCredit: number;
  /** The invitation that the user came by. */
  readonly invitationId?: number;
  /** How long the password can be used to set another, where it is a one-time one. */
  readonly oneTimeForMicros?: number;
}

export const usernameTaken = (username: string) =>
  new Refusal('USERNAME_TAKEN', `The username ${username} is in use. Choose another one.`, {
    errors: [{ field: 'username', message: 'is in use' }],
  });

/** The refusal of a currency that has gone since the input was read. */
const unknownCurrency = (currency: string) =>
  new Refusal('UNKNOWN_CURRENCY', `${currency} is not a currency of this server any more. Choose another.`, {
    errors: [{ field: 'currency', message: unknownCurrencyFault(currency) }],
  });

/** Makes a user with an account and books the opening credit from the issuance account of the currency. */
export const registerUser = defineRule<Registration>('register-user', {
  needsTime: true,

  reads: (book, { username, currency, invitationId }) => [
    ...(invitationId === undefined ? [] : [lookup('invitations', { id: invitationId })]),
    lookup('users', { username_key: nameKey(username) }),
    lookup('accounts', { id: issuanceAccountId(currency) }),
    ...ratesReads(book),
  ],

  decide(book, input, circumstances) {
    const { caller, moment } = circumstances;
    const { username, email, currency, openingCredit, invitationId, oneTimeForMicros } = input;
    if (book.find('users', { username_key: nameKey(username) })) {
      throw usernameTaken(username);
    }
    if (findRated(tableOf(ratesInForce(book)), currency) === undefined) {
      throw unknownCurrency(currency);
    }
    const user: UserRow = {
      id: book.newId('users'),
      username,
      username_key: nameKey(username),
      email,
      email_key: nameKey(email),
      display_name: input.displayName,
      display_name_folded: foldedName(input.displayName),
      password_hash: input.passwordHash,
      role: input.role,
      status: 'active',
      currency,
      one_time_until: oneTimeForMicros === undefined ? null : moment.now + oneTimeForMicros,
      created_at: moment.now,
    };
    const account: AccountRow = {
      id: book.newId('accounts'),
      kind: 'customer',
      user_id: user.id,
      currency,
      balance: 0,
    };
    book.insert('users', user);
    book.insert('accounts', account);
    const used = invitationId === undefined ? undefined : useInvitation(book, invitationId, user);
    const isAdmin = input.role === 'admin';
    const isByOther = isAdmin || caller.userId !== null;
    recordAct(book, circumstances, {
      action: isAdmin ? 'admin.registered' : 'user.registered',
      subject: username,
      after: { email, currency, ...(used && { invitation: used.invitation }) },
      credentials: { ...stateOf('users', user), ...used?.credentials },
      // Whoever registers is somebody from here on; others are registered by an administrator, the first one by the operator.
      actorId: isByOther ? caller.userId : user.id,
    });
    if (openingCredit > 0) {
      const money = { minor: openingCredit, currency };
      postPayment(
        book,
        {
          kind: 'opening_credit',
          fromUserId: null,
          toUserId: user.id,
          fromAccountId: issuanceAccountId(currency),
          toAccountId: account.id,
          sent: money,
          received: money,
          rate: '1',
          rates: null,
          memo: null,
          requestId: null,
          refundOf: null,
        },
        moment,
      );
    }
    return {
      status: 201,
      body: userJson(user, book.get('accounts', { id: account.id })),
      location: '/v1/me',
    };
  },
});
