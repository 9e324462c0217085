import type { LimitRow, UserRow } from '../../../db/tables/users.js';
import { publicId } from '../../ids.js';
import { maxMinor } from '../../money/money.js';

/** The limits of a user, in minor units of their currency; null where nothing limits it. */
export interface Limits {
  readonly perPayment: number | null;
  readonly perDay: number | null;
}

/**
 * What a user's own row holds where an administrator takes a limit of the currency from them: the largest amount that
 * there is, which no payment and no day can pass.
 */
export const unlimitedMinor = maxMinor;

/** The subject under which a user's own limits are kept. */
export const limitSubject = (userId: number) => publicId('usr', userId);

/** The subjects whose rows decide over a user's limits. */
export const limitSubjects = (user: Pick<UserRow, 'id' | 'currency'>): readonly string[] => [
  limitSubject(user.id),
  user.currency,
];

function limitOf(own: number | null | undefined, ofCurrency: number | null | undefined): number | null {
  const minor = own ?? ofCurrency ?? null;
  return minor === unlimitedMinor ? null : minor;
}

/** The limits that hold for a user: each is their own where they have one, else that of their currency. */
export function limitsOf(own: LimitRow | undefined, ofCurrency: LimitRow | undefined): Limits {
  return {
    perPayment: limitOf(own?.per_payment, ofCurrency?.per_payment),
    perDay: limitOf(own?.per_day, ofCurrency?.per_day),
  };
}
