import type { MoneyJson } from '../../server/money/wire.js';
import type { ErrorCode } from '../../server/wire.js';
import type { FailureKind } from '../failure/exit-status.js';
import { Failure } from '../failure/failure.js';

type Problem = Readonly<Record<string, unknown>>;

/** The verdict on a refusal: what it means for who asked, and for an act that may be sent again. */
export interface Verdict {
  readonly kind: FailureKind;
  /**
   * What it says of an act that moves money, and so whether that may be sent again under another key. `under-key`: the server
   * looked under the key and keeps this as the answer to it, so that no try did the act or ever will. `by-contents`: every try
   * of the same act is refused so. `at-door`: it was given before the key was looked at, and says nothing of an earlier try.
   */
  readonly judged: 'under-key' | 'by-contents' | 'at-door';
  /** Whether it says, although the server failed, that this try has done nothing. */
  readonly hasDoneNothing?: true;
  /** What to do next, a sentence or a command a line. */
  readonly next?: readonly string[] | ((problem: Problem) => readonly string[]);
  /** The sentence that takes the place of the server's, which speaks to programs. */
  readonly text?: string | ((problem: Problem) => string | undefined);
}

const atDoor = (kind: FailureKind, ...next: readonly string[]): Verdict => ({
  kind,
  judged: 'at-door',
  next,
});
const byContents = (kind: FailureKind, ...next: readonly string[]): Verdict => ({
  kind,
  judged: 'by-contents',
  next,
});
const underKey = (kind: FailureKind, ...next: readonly string[]): Verdict => ({
  kind,
  judged: 'under-key',
  next,
});

const secondFactorTexts: Readonly<Record<string, string>> = {
  missing: 'This takes a code of your second factor. Nothing was done.',
  wrong:
    'The code is wrong, over, or was used already. Nothing was done. Wait for the next one that the app shows.',
  unreadable: 'The server cannot check codes of the app now; a recovery code works. Nothing was done.',
  none: 'Administrators need a second factor on this server to change anything, and you have none.',
};

function secondFactorText({ reason, above }: Problem): string | undefined {
  const { amount, currency } = (above ?? {}) as Partial<MoneyJson>;
  return amount === undefined || currency === undefined
    ? secondFactorTexts[String(reason)]
    : `More than ${amount} ${currency} takes a code of your second factor. Nothing was done.`;
}

/** The verdict about every code of the contract; a code that is new there does not compile here until it has one. */
const verdicts: Readonly<Record<ErrorCode, Verdict>> = {
  MALFORMED_JSON: atDoor('usage'),
  MALFORMED_REQUEST: atDoor('usage'),
  INVALID_CURSOR: atDoor('usage'),
  IDEMPOTENCY_KEY_REQUIRED: atDoor('usage'),
  IDEMPOTENCY_KEY_INVALID: {
    ...atDoor('usage'),
    text: 'A key (--key) has 1 to 255 letters, digits and signs of ASCII, without blanks.',
  },
  UNAUTHENTICATED: atDoor('not-logged-in', 'Log in: pay login'),
  INVALID_CREDENTIALS: {
    ...atDoor('not-logged-in'),
    // The sentence of a one-time password that has expired says what to do.
    next: ({ reason }) =>
      reason === 'expired'
        ? []
        : [
            'Check the spelling, or make an account: pay register',
            'A one-time password is over once another was chosen: log in with that one.',
          ],
  },
  FORBIDDEN: atDoor('not-allowed'),
  WRONG_PASSWORD: atDoor('not-allowed'),
  PASSWORD_CHANGE_REQUIRED: {
    ...atDoor('not-allowed', 'Choose a new one: pay password'),
    text: 'Your password is a one-time one: nothing else is allowed until it is changed.',
  },
  REGISTRATION_CLOSED: atDoor('not-allowed'),
  SECOND_FACTOR_REQUIRED: {
    ...atDoor('not-allowed'),
    next: ({ reason }) =>
      reason === 'none' ? ['Switch it on: pay 2fa on'] : ['Give the code: --code 123456'],
    text: secondFactorText,
  },
  NOT_FOUND: atDoor('not-found'),
  METHOD_NOT_ALLOWED: atDoor('refused'),
  NOT_ACCEPTABLE: atDoor('refused'),
  REQUEST_TIMEOUT: atDoor('unreachable'),
  BODY_TOO_LARGE: atDoor('usage'),
  UNSUPPORTED_MEDIA_TYPE: atDoor('refused'),
  VALIDATION_FAILED: byContents('usage'),
  INVALID_AMOUNT: byContents('usage'),
  // A name that names nothing is not found, whichever command it was given to.
  UNKNOWN_CURRENCY: byContents('not-found', 'See the currencies: pay rates'),
  WEAK_PASSWORD: atDoor('refused'),
  IDEMPOTENCY_KEY_REUSED: {
    ...byContents('refused', 'Take another key for another act.'),
    text: 'This key (--key) stands for something else that you did.',
  },
  RATE_LIMITED: atDoor('unreachable'),
  HEADERS_TOO_LARGE: atDoor('refused'),
  INTERNAL_ERROR: {
    ...atDoor('unreachable'),
    text: ({ requestId }) =>
      `The server made a mistake. If it stays, tell its operator of the request ${String(requestId ?? '?')}.`,
  },
  CLOCK_UNAVAILABLE: {
    ...atDoor('unreachable', 'Try again; `pay time` tells when it is back.'),
    text: 'The timestamp service of the server is down, or its time cannot be right; without it no money moves. Nothing was done.',
    hasDoneNothing: true,
  },
  STORAGE_UNAVAILABLE: {
    ...atDoor('unreachable'),
    text: 'The database of the server cannot save anything now.',
  },
  OVERLOADED: { ...atDoor('unreachable'), text: 'The server has too much to do now.' },
  CONVERSION_UNAVAILABLE: {
    ...atDoor('unreachable'),
    text: 'The conversion service does not answer, or gives no rate that can be right. Nothing was done.',
    hasDoneNothing: true,
  },
  SECOND_FACTOR_ON: underKey('refused'),
  USERNAME_TAKEN: underKey('refused', 'Choose another one, or log in: pay login'),
  USER_NOT_FOUND: underKey('not-found'),
  SELF_PAYMENT: underKey('refused'),
  SELF_REQUEST: underKey('refused'),
  ACCOUNT_FROZEN: underKey('not-allowed'),
  INSUFFICIENT_FUNDS: underKey('refused'),
  REQUEST_CLOSED: underKey('refused', 'See how it ended: pay requests --all'),
  NOT_YOUR_REQUEST: underKey('not-allowed', 'See who asks whom: pay requests --all'),
  REFUND_TOO_LARGE: underKey('refused'),
  NOT_REFUNDABLE: underKey('refused'),
  POSSIBLE_DUPLICATE: underKey('refused'),
  RECIPIENT_UNAVAILABLE: underKey('refused'),
  LAST_ADMIN: underKey('refused'),
  RATE_CHANGED: {
    ...underKey('refused', 'Raise --max, or leave it out.'),
    text: ({ sent }) => {
      const { amount, currency } = (sent ?? {}) as Partial<MoneyJson>;
      return amount === undefined || currency === undefined
        ? undefined
        : `It would cost ${amount} ${currency} now, more than you agreed to (--max).`;
    },
  },
  WEBHOOK_DISABLED: {
    ...underKey('refused', 'Add one in its place: pay webhooks add <url>'),
    text: 'Nothing is sent to a disabled webhook.',
  },
  LIMIT_EXCEEDED: underKey('refused'),
  NOT_CONVERTIBLE: underKey('refused', 'See what has a rate: pay rates'),
};

const kindsByStatus: Readonly<Record<number, FailureKind>> = {
  401: 'not-logged-in',
  403: 'not-allowed',
  404: 'not-found',
  408: 'unreachable',
  429: 'unreachable',
};

function errorCodeOf(code: unknown): ErrorCode | undefined {
  return typeof code === 'string' && Object.hasOwn(verdicts, code) ? (code as ErrorCode) : undefined;
}

/** The verdict about a refusal; of a code that a newer server or something in between gave, by its status. */
export function verdictOn(status: number, code: unknown): Verdict {
  const known = errorCodeOf(code);
  if (known !== undefined) {
    return verdicts[known];
  }
  return atDoor(status >= 500 ? 'unreachable' : (kindsByStatus[status] ?? 'refused'));
}

/** Whether an error is a refusal with one of these codes. */
export function isRefusedFor(error: unknown, ...codes: readonly ErrorCode[]): error is Failure {
  const code = error instanceof Failure ? errorCodeOf(error.details.problem?.code) : undefined;
  return code !== undefined && codes.includes(code);
}

/** Whether the server keeps this refusal as the answer to the key that the act was sent under. */
export function isRememberedUnderKey({ details }: Failure): boolean {
  const code = errorCodeOf(details.problem?.code);
  return code !== undefined && verdicts[code].judged === 'under-key';
}
