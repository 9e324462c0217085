import * as z from 'zod';
import type { SecondFactorRow } from '../../../db/tables/credentials.js';
import { timeText } from '../../clock.js';
import { amountTextSchema, currencyCodeSchema, momentSchema } from '../../money/fields.js';
import { moneyJson } from '../../money/format.js';
import { plainText } from '../../money/plain-text.js';
import { moneySchema } from '../../money/wire.js';
import { maxPasswordLength } from '../credentials/prepare-password.js';
import { recoveryHashes } from '../second-factor/judge-code.js';
import { findCode, noCode } from '../second-factor/shown-code.js';

const codeSchema = z
  .string()
  .max(100)
  .refine((text) => findCode(text) !== undefined, { error: noCode })
  .meta({
    description: 'The six digits that the app shows, or a recovery code.',
    examples: ['123456'],
  });

export const beginFactorSchema = z
  .strictObject({ currentPassword: plainText(maxPasswordLength).meta({ format: 'password' }) })
  .meta({ id: 'BeginSecondFactor' });

export const factorSecretSchema = z
  .strictObject({
    secret: z.string().meta({ description: 'In base 32, to be typed into the app. Shown this once.' }),
    uri: z.string().meta({ description: 'The same as an otpauth address, to be shown as a QR code.' }),
  })
  .meta({ id: 'SecondFactorSecret' });

export const confirmFactorSchema = z.strictObject({ code: codeSchema }).meta({ id: 'ConfirmSecondFactor' });

export const recoveryCodesSchema = z
  .strictObject({
    recoveryCodes: z
      .array(z.string())
      .meta({ description: 'Ten, each of which works once in place of a code. Shown this once.' }),
  })
  .meta({ id: 'RecoveryCodes' });

export const switchOffSchema = z
  .strictObject({
    code: codeSchema.optional().meta({ description: 'The same as in the header Pay-Second-Factor.' }),
  })
  .meta({ id: 'SwitchSecondFactorOff' });

export const changeFactorSchema = z
  .strictObject({
    above: z.strictObject({ amount: amountTextSchema, currency: currencyCodeSchema }).nullable().meta({
      description: 'In your own currency: payments of more ask for a code. Null asks at none.',
    }),
  })
  .meta({ id: 'SecondFactorChange' });

export const factorSchema = z
  .strictObject({
    on: z.boolean(),
    since: momentSchema.nullable().meta({ description: 'Since when it is on; null where it is off.' }),
    above: moneySchema.nullable().meta({ description: 'Payments of more ask for a code; null: none does.' }),
    recoveryCodesLeft: z.int(),
  })
  .meta({ id: 'SecondFactor' });

export type SecondFactorJson = z.output<typeof factorSchema>;

/** A second factor as its user sees it, who keeps an account in the currency. */
export function factorJson(row: SecondFactorRow | undefined, currency: string): SecondFactorJson {
  return row?.status === 'on'
    ? {
        on: true,
        since: timeText(row.since),
        above: row.above === null ? null : moneyJson({ minor: row.above, currency }),
        recoveryCodesLeft: recoveryHashes(row).length,
      }
    : { on: false, since: null, above: null, recoveryCodesLeft: 0 };
}
