/** The operations that a problem document may name in `see`, by their names in the OpenAPI document. */
export const helpfulOperations = [
  'beginSecondFactor',
  'changePassword',
  'listAllPayments',
  'listBlocks',
  'listCollections',
  'listCurrencies',
  'listNotifications',
  'listPayments',
  'listRequests',
  'listSessions',
  'listTokens',
  'listUsers',
  'listWebhooks',
  'logIn',
  'showMe',
  'switchSecondFactorOff',
] as const;

export type HelpfulOperation = (typeof helpfulOperations)[number];

interface CodeMeaning {
  readonly status: number;
  readonly title: string;
  /** The status where nobody is logged in yet. */
  readonly statusAtLogin?: number;
  /** The operation that helps whenever this is the code, where a refusal does not name another. */
  readonly see?: HelpfulOperation;
}

/**
 * The closed list of refusals: each code with its HTTP status and the title that a problem document carries.
 * The first group is judged at the door, the second in the ledger, which remembers them under the idempotency key.
 */
const doorCodes = {
  MALFORMED_JSON: { status: 400, title: 'The body is not valid JSON' },
  MALFORMED_REQUEST: { status: 400, title: 'The request is not valid HTTP' },
  INVALID_CURSOR: { status: 400, title: 'The cursor does not fit this list' },
  IDEMPOTENCY_KEY_REQUIRED: { status: 400, title: 'An Idempotency-Key is required' },
  IDEMPOTENCY_KEY_INVALID: { status: 400, title: 'The Idempotency-Key is not valid' },
  UNAUTHENTICATED: { status: 401, title: 'Log in first', see: 'logIn' },
  INVALID_CREDENTIALS: { status: 401, title: 'Wrong username or password' },
  FORBIDDEN: { status: 403, title: 'Not allowed' },
  WRONG_PASSWORD: { status: 403, title: 'The current password is wrong' },
  REGISTRATION_CLOSED: { status: 403, title: 'Registration is not open' },
  SECOND_FACTOR_REQUIRED: {
    status: 403,
    statusAtLogin: 401,
    title: 'A code of the second factor is required',
  },
  PASSWORD_CHANGE_REQUIRED: {
    status: 403,
    title: 'The password must be changed first',
    see: 'changePassword',
  },
  NOT_FOUND: { status: 404, title: 'Not found' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed' },
  NOT_ACCEPTABLE: { status: 406, title: 'No representation that the client accepts' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request took too long to arrive' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body must be JSON' },
  VALIDATION_FAILED: { status: 422, title: 'The input does not have the shape that the contract gives' },
  INVALID_AMOUNT: { status: 422, title: 'The amount is not valid' },
  UNKNOWN_CURRENCY: { status: 422, title: 'The currency is not known', see: 'listCurrencies' },
  WEAK_PASSWORD: { status: 422, title: 'The password is too weak' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The Idempotency-Key was used for something else' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The request headers are too large' },
  INTERNAL_ERROR: { status: 500, title: 'Something went wrong on the server' },
  CLOCK_UNAVAILABLE: { status: 503, title: 'The timestamp service gives no time that counts' },
  STORAGE_UNAVAILABLE: { status: 503, title: 'The database cannot be read or written now' },
  OVERLOADED: { status: 503, title: 'The server has too much to do' },
  CONVERSION_UNAVAILABLE: { status: 503, title: 'The conversion service gives no rate that counts' },
} as const satisfies Record<string, CodeMeaning>;

const ledgerCodes = {
  SECOND_FACTOR_ON: { status: 409, title: 'The second factor is on already' },
  USERNAME_TAKEN: { status: 409, title: 'The username is in use' },
  USER_NOT_FOUND: { status: 422, title: 'There is no such user' },
  SELF_PAYMENT: { status: 422, title: 'A payment to oneself' },
  SELF_REQUEST: { status: 422, title: 'A request to oneself' },
  ACCOUNT_FROZEN: { status: 403, title: 'The account is frozen' },
  INSUFFICIENT_FUNDS: { status: 409, title: 'The balance is too small' },
  REQUEST_CLOSED: { status: 409, title: 'The request is closed' },
  NOT_YOUR_REQUEST: { status: 403, title: 'The other side of the request must do this' },
  REFUND_TOO_LARGE: { status: 409, title: 'More than what is left to refund' },
  NOT_REFUNDABLE: { status: 409, title: 'This payment cannot be refunded' },
  POSSIBLE_DUPLICATE: { status: 409, title: 'This looks like what was done just before' },
  RECIPIENT_UNAVAILABLE: { status: 409, title: 'The other side cannot be dealt with now' },
  LAST_ADMIN: { status: 409, title: 'The last administrator must stay' },
  RATE_CHANGED: { status: 409, title: 'It would cost more than allowed' },
  NOT_CONVERTIBLE: { status: 409, title: 'A currency without a rate' },
  WEBHOOK_DISABLED: { status: 409, title: 'The webhook is disabled' },
  LIMIT_EXCEEDED: { status: 409, title: 'Beyond a limit' },
} as const satisfies Record<string, CodeMeaning>;

export type ErrorCode = keyof typeof doorCodes | keyof typeof ledgerCodes;

export const errorCodes: Readonly<Record<ErrorCode, CodeMeaning>> = { ...doorCodes, ...ledgerCodes };

export interface FieldError {
  /** Dotted path of the field in the body, or the name of the parameter or header. */
  readonly field: string;
  readonly message: string;
}

/** RFC 9457 problem details, with the extension members of this API. */
export interface ProblemJson {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  /** The operation that helps. */
  readonly see?: HelpfulOperation;
  readonly errors?: readonly FieldError[];
  readonly [figure: string]: unknown;
}

export interface RefusalDetails {
  /** Whether the refusal is for somebody who is not logged in yet. */
  readonly isAtLogin?: true;
  /** Which fields are to blame, and why. */
  readonly errors?: readonly FieldError[];
  /** The operation that helps, where it is not the one that always helps with this code. */
  readonly see?: HelpfulOperation;
  /** Further members of the problem document, such as `available` and `required`. */
  readonly figures?: Readonly<Record<string, unknown>>;
  /** Whether the sentence itself says what became of the act, and how to repeat it. */
  readonly tellsOutcome?: true;
  /** Seconds until another try makes sense; becomes the Retry-After header. */
  readonly retryAfterSeconds?: number;
  /** The limit that was passed, with its figures; becomes the RateLimit headers. */
  readonly rateLimit?: { readonly name: string; readonly points: number; readonly windowSeconds: number };
  /** The methods that the path does have; becomes the Allow header. */
  readonly allow?: readonly string[];
}

/** The one way to say no: a code of the closed list and a sentence that says what to do next. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;
  readonly details: RefusalDetails;

  constructor(code: ErrorCode, detail: string, details: RefusalDetails = {}) {
    super(detail);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    const { status, statusAtLogin = status } = errorCodes[this.code];
    return this.details.isAtLogin ? statusAtLogin : status;
  }
}

/** Whether the ledger keeps this refusal as the answer to its idempotency key, so that a replay gets the same. */
export function isRemembered(code: ErrorCode): boolean {
  return Object.hasOwn(ledgerCodes, code);
}

/** The problem document of a refusal (RFC 9457). */
export function problemJson(refusal: Refusal, requestId: string): ProblemJson {
  const { title, see } = { ...errorCodes[refusal.code], ...refusal.details };
  return {
    type: `urn:pay:problem:${refusal.code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status: refusal.status,
    detail: refusal.message,
    code: refusal.code,
    requestId,
    ...refusal.details.figures,
    ...(see !== undefined && { see }),
    ...(refusal.details.errors && { errors: refusal.details.errors }),
  };
}
