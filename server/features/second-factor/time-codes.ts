import { timingSafeEqual } from 'node:crypto';
import { HOTP, Secret, TOTP } from 'otpauth';

/** Codes of RFC 6238 as every app knows them: HMAC-SHA-1, so many digits, another one every so many seconds. */
export const codeFigures = { digits: 6, periodSeconds: 30 } as const;

/** The steps before and after its own in which a code is also taken, since clocks differ and typing takes time. */
export const skewSteps = 1;

const secretBytes = 20;
const periodMicros = codeFigures.periodSeconds * 1_000_000;

/** The number of the step that a time in microseconds lies in. */
export const stepAt = (micros: number): number => Math.floor(micros / periodMicros);

/** A secret of 160 bits in base 32, as apps take it by hand. */
export const makeSecret = (): string => new Secret({ size: secretBytes }).base32;

/** The secret as the address that apps read from a QR code. */
export function secretUri(
  secret: string,
  { issuer, username }: { issuer: string; username: string },
): string {
  const { digits, periodSeconds: period } = codeFigures;
  return new TOTP({ issuer, label: username, algorithm: 'SHA1', digits, period, secret }).toString();
}

/** The code of a secret in a step. */
export function codeAt(secret: string, step: number): string {
  return HOTP.generate({
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: codeFigures.digits,
    counter: step,
  });
}

/**
 * The steps that a code is of, among those within so many microseconds of a time; mostly none or one. All of them are looked
 * at, whatever is found.
 */
export function stepsOfCode(
  secret: string,
  code: string,
  aroundMicros: number,
  withinMicros: number,
): number[] {
  const first = Math.max(0, stepAt(aroundMicros - withinMicros) - skewSteps);
  const last = stepAt(aroundMicros + withinMicros) + skewSteps;
  const shown = Buffer.from(code.padEnd(codeFigures.digits));
  const steps: number[] = [];
  for (let step = first; step <= last; step += 1) {
    const right = Buffer.from(codeAt(secret, step));
    if (right.length === shown.length && timingSafeEqual(right, shown)) {
      steps.push(step);
    }
  }
  return steps;
}
