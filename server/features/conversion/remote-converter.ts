import { Agent, request } from 'undici';
import { z } from 'zod';
import { Refusal } from '../../errors.js';
import { type Currency, currencyOf } from '../../money/currency.js';
import { formatAmount } from '../../money/format.js';
import { isSafeMinor } from '../../money/money.js';
import { parseAmount } from '../../money/parse.js';
import type { Converter } from './converter.js';
import { trustedAuthorities } from './trusted-authorities.js';

/** For a whole quote, however many questions it takes. */
const deadlineMs = 2000;
const largestAnswerBytes = 16 * 1024;

const answerSchema = z.object({
  from: z.string(),
  to: z.string(),
  amount: z.string(),
  converted: z.string(),
  rate: z.string().regex(/^(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,30})?$/),
});

const unavailable = (why: string) =>
  new Refusal(
    'CONVERSION_UNAVAILABLE',
    `The conversion service ${why}; nothing was done. Repeat it with the same Idempotency-Key, if it had one, in a moment.`,
    { retryAfterSeconds: 2, tellsOutcome: true },
  );

interface Converted {
  readonly minor: number;
  readonly rate: string;
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

/** What the service says, where it is an answer to what it was asked. */
function readAnswer(answer: unknown, from: Currency, to: Currency, minor: number): Converted {
  const { success, data } = answerSchema.safeParse(answer);
  if (!success || data.from !== from.code || data.to !== to.code || !isAmount(data.amount, minor, from)) {
    throw unavailable('gave an answer that is none');
  }
  return { minor: parseConverted(data.converted, to), rate: data.rate };
}

interface Cost {
  readonly sent: number;
  readonly rate: string;
}

/** Where to look next for a cost: in strides that double until it lies between two bounds, then half-way between them. */
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
      enough = { sent: guess, rate: given.rate };
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
  close(): Promise<void>;
}

/**
 * Asks `GET /conversion/{from}/{to}/{amount}` of another server. `ca` is a PEM that is trusted beside the known
 * authorities. Throws CONVERSION_UNAVAILABLE when it does not answer in time or answers something else.
 */
export function makeRemoteConverter(url: string, ca: string | undefined): RemoteConverter {
  const agent = new Agent({
    connections: 16,
    maxResponseSize: largestAnswerBytes,
    connect: { timeout: deadlineMs, ...(ca !== undefined && { ca: trustedAuthorities(ca) }) },
  });

  async function fetchAnswer(path: string, signal: AbortSignal): Promise<{ status: number; json: unknown }> {
    try {
      const { statusCode, body } = await request(`${url.replace(/\/+$/, '')}${path}`, {
        dispatcher: agent,
        signal,
        headers: { accept: 'application/json' },
      });
      return { status: statusCode, json: await body.json() };
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
        return { minor: 0, rate: '0' };
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
        };
      }
      const cost = await costOf(ask, from, to, minor);
      return (
        cost && {
          sent: { minor: cost.sent, currency: from },
          received: { minor, currency: to },
          rate: cost.rate,
        }
      );
    },
    close: () => agent.close(),
  };
}
