import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { Agent, request } from 'undici';
import * as z from 'zod';
import { Refusal } from '../../errors.js';
import { type Currency, currencyOf } from '../../money/currency.js';
import { formatAmount } from '../../money/format.js';
import { isSafeMinor } from '../../money/money.js';
import { parseAmount } from '../../money/parse.js';
import type { RatedOrNot, RateTable } from '../../money/rate-table.js';
import { safeTls } from '../../safe-tls.js';
import type { Converter } from './converter.js';

/** The time for a whole quote, however many questions it takes. */
const deadlineMs = 2000;
const largestAnswerBytes = 16 * 1024;

const answerSchema = z.object({
  from: z.string(),
  to: z.string(),
  amount: z.string(),
  converted: z.string(),
  rate: z.string().regex(/^(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,30})?$/),
  ratesAsOf: z.iso.date().optional(),
});

export const unavailable = (why: string) =>
  new Refusal(
    'CONVERSION_UNAVAILABLE',
    `The conversion service ${why}; nothing was done. Repeat it with the same Idempotency-Key, if it had one, in a moment.`,
    { retryAfterSeconds: 2, tellsOutcome: true },
  );

interface Converted {
  readonly minor: number;
  readonly rate: string;
  readonly ratesAsOf: string;
}

/** Asks what minor units of one currency are worth in another. */
type Ask = (from: string, to: string, minor: number) => Promise<Converted>;

/** Minor units of a converted amount, which may be nothing at all. */
function parseConverted(text: string, currency: Currency): number {
  if (text === formatAmount(0, currency)) {
    return 0;
  }
  const parsed = parseAmount(text, currency);
  if ('fault' in parsed) {
    throw unavailable('gave an amount that is none');
  }
  return parsed.minor;
}

function isAmount(text: string, minor: number, currency: Currency): boolean {
  const parsed = parseAmount(text, currency);
  return 'minor' in parsed && parsed.minor === minor;
}

/** A service that names no date gives the rates of the day. */
const today = () => new Date().toISOString().slice(0, 10);

/** The answer of the service, where it is one to what it was asked. */
function readAnswer(answer: unknown, from: Currency, to: Currency, minor: number): Converted {
  const { success, data } = answerSchema.safeParse(answer);
  if (!success || data.from !== from.code || data.to !== to.code || !isAmount(data.amount, minor, from)) {
    throw unavailable('gave an answer that is none');
  }
  const { rate, ratesAsOf = today() } = data;
  return { minor: parseConverted(data.converted, to), rate, ratesAsOf };
}

interface Cost {
  readonly sent: number;
  readonly rate: string;
  readonly ratesAsOf: string;
}

/** The next guess of a cost: in strides that double until it lies between two bounds, then half-way between them. */
function nextGuess(tooLittle: number, enough: Cost | undefined, stride: number): number {
  if (enough === undefined) {
    return tooLittle + stride;
  }
  return tooLittle === 0
    ? Math.max(1, enough.sent - stride)
    : tooLittle + Math.floor((enough.sent - tooLittle) / 2);
}

/**
 * The smallest amount of `from` that converts to at least `minor` of `to`. Where the rate is the same in both
 * directions it is the converse's answer or one minor unit more. Undefined where it would be no safe integer.
 */
async function costOf(ask: Ask, from: string, to: string, minor: number): Promise<Cost | undefined> {
  let guess = Math.max(1, (await ask(to, from, minor)).minor);
  let tooLittle = 0;
  let enough: Cost | undefined;
  for (let stride = 1; isSafeMinor(guess); stride *= 2) {
    const given = await ask(from, to, guess);
    if (given.minor >= minor) {
      enough = { sent: guess, rate: given.rate, ratesAsOf: given.ratesAsOf };
    } else {
      tooLittle = guess;
    }
    if (enough && enough.sent - tooLittle <= 1) {
      return enough;
    }
    guess = nextGuess(tooLittle, enough, stride);
  }
  return undefined;
}

export interface RemoteConverter {
  readonly convert: Converter;
  /** The currencies at the rates of the service, against the base; those that it does not convert have none. */
  fetchTable(currencies: readonly Currency[], base: string): Promise<RateTable>;
  close(): Promise<void>;
}

type Fetch = (path: string, signal: AbortSignal) => Promise<{ status: number; json: unknown }>;

/** The most questions that the service is asked at once, and how long all of them may take. */
const askedAtOnce = 16;
const tableDeadlineMs = 5_000;

/**
 * The amount that is asked of the service for each currency: so many units of the base, so that rounding leaves the digits
 * of the rate.
 */
const millionPlaces = 6;

/** A decimal with its point so many places further left. */
function shiftLeft(decimal: string, places: number): string {
  const [whole = '', decimals = ''] = decimal.split('.');
  const digits = (whole + decimals).padStart(places + decimals.length + 1, '0');
  const point = digits.length - decimals.length - places;
  const shifted = `${digits.slice(0, point).replace(/^0+(?=\d)/, '')}.${digits.slice(point)}`;
  return shifted.replace(/\.?0+$/, '');
}

/** A currency at the rate of the service, and the date of that; without a rate where it does not convert it. */
async function askRate(
  fetchAnswer: Fetch,
  currency: Currency,
  base: Currency,
  signal: AbortSignal,
): Promise<{ readonly rated: RatedOrNot; readonly asOf?: string }> {
  const minor = 10 ** (millionPlaces + base.digits);
  const path = `/conversion/${base.code}/${currency.code}/${formatAmount(minor, base)}`;
  const { status, json } = await fetchAnswer(path, signal);
  if (status === 404 || status === 409 || status === 422) {
    return { rated: { ...currency, rate: null } };
  }
  if (status !== 200) {
    throw unavailable('does not answer');
  }
  const { minor: converted, ratesAsOf } = readAnswer(json, base, currency, minor);
  const rate = converted === 0 ? null : shiftLeft(formatAmount(converted, currency), millionPlaces);
  return { rated: { ...currency, rate }, asOf: ratesAsOf };
}

async function fetchTable(
  source: string,
  fetchAnswer: Fetch,
  currencies: readonly Currency[],
  baseCode: string,
): Promise<RateTable> {
  const base = currencies.find(({ code }) => code === baseCode) ?? currencies[0];
  assert(base, 'A table has currencies.');
  const signal = AbortSignal.timeout(tableDeadlineMs);
  // Each question listens for it twice, and the answer before it does so a little longer than until it is read.
  setMaxListeners(3 * askedAtOnce, signal);
  const rated = new Map<string, RatedOrNot>();
  let asOf = '';
  const rest = currencies.values();
  const askOneAfterAnother = async () => {
    for (const currency of rest) {
      const isBase = currency.code === base.code;
      const answer = isBase
        ? { rated: { ...currency, rate: '1' } }
        : await askRate(fetchAnswer, currency, base, signal);
      rated.set(currency.code, answer.rated);
      asOf = answer.asOf !== undefined && answer.asOf > asOf ? answer.asOf : asOf;
    }
  };
  await Promise.all(Array.from({ length: askedAtOnce }, askOneAfterAnother));
  const list = currencies.map(({ code }) => rated.get(code)).filter((one) => one !== undefined);
  return { base: base.code, asOf: asOf || today(), source, currencies: list };
}

/** What was asked for, unless its time ends before: a request that waits for a connection would hear of that only when it has one. */
async function within<Value>(signal: AbortSignal, asked: Promise<Value>): Promise<Value> {
  let end = () => {};
  const over = new Promise<never>((_, reject) => {
    end = () => reject(signal.reason);
    signal.addEventListener('abort', end, { once: true });
  });
  try {
    return await Promise.race([asked, over]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/**
 * Asks `GET /conversion/{from}/{to}/{amount}` of another server, which shows a certificate of one of the authorities `ca`
 * (PEM). Throws CONVERSION_UNAVAILABLE when it does not answer in time or answers something else.
 */
export function makeRemoteConverter(url: string, ca: readonly string[]): RemoteConverter {
  const agent = new Agent({
    connections: 16,
    maxResponseSize: largestAnswerBytes,
    connect: { ...safeTls, timeout: deadlineMs, ca: [...ca] },
  });

  async function readJson(path: string, signal: AbortSignal): Promise<{ status: number; json: unknown }> {
    const { statusCode, body } = await request(`${url.replace(/\/+$/, '')}${path}`, {
      dispatcher: agent,
      signal,
      headers: { accept: 'application/json' },
    });
    return { status: statusCode, json: await body.json() };
  }

  async function fetchAnswer(path: string, signal: AbortSignal): Promise<{ status: number; json: unknown }> {
    try {
      return await within(signal, readJson(path, signal));
    } catch {
      throw unavailable('does not answer');
    }
  }

  function askUntil(signal: AbortSignal): Ask {
    return async (from, to, minor) => {
      const amount = formatAmount(minor, currencyOf(from));
      const { status, json } = await fetchAnswer(`/conversion/${from}/${to}/${amount}`, signal);
      // An amount that converts to less than the smallest unit is refused by our own kind of service.
      if (status === 422) {
        return { minor: 0, rate: '0', ratesAsOf: today() };
      }
      if (status !== 200) {
        throw unavailable('does not answer');
      }
      return readAnswer(json, currencyOf(from), currencyOf(to), minor);
    };
  }

  return {
    async convert({ from, to, fixed, minor }) {
      const ask = askUntil(AbortSignal.timeout(deadlineMs));
      if (fixed === 'sent') {
        const given = await ask(from, to, minor);
        return {
          sent: { minor, currency: from },
          received: { minor: given.minor, currency: to },
          rate: given.rate,
          ratesAsOf: given.ratesAsOf,
        };
      }
      const cost = await costOf(ask, from, to, minor);
      return (
        cost && {
          sent: { minor: cost.sent, currency: from },
          received: { minor, currency: to },
          rate: cost.rate,
          ratesAsOf: cost.ratesAsOf,
        }
      );
    },
    fetchTable: (currencies, base) => fetchTable(url, fetchAnswer, currencies, base),
    close: () => agent.close(),
  };
}
