import { Agent, request } from 'undici';
import { z } from 'zod';
import { Refusal } from '../errors.js';
import { type Currency, currencyOf } from '../money/currency.js';
import { formatAmount } from '../money/format.js';
import { isSafeMinor } from '../money/money.js';
import { parseAmount } from '../money/parse.js';
import type { Converter } from './converter.js';
import { trustedAuthorities } from './trusted-authorities.js';

/** For a whole quote, however many questions it takes. */
const deadlineMs = 2000;
/** How many times one quote may ask: rounding makes the first guess of a cost miss by a few minor units at most. */
const mostQuestions = 24;
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
    { retryAfterSeconds: 2 },
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

/** How much more must be sent, judging by what `sent` gave; at least one minor unit. */
function stepFor(wanted: number, given: number, sent: number): number {
  if (given === 0) {
    return sent;
  }
  const step = (BigInt(wanted - given) * BigInt(sent)) / BigInt(given);
  return step > 0n ? Number(step) : 1;
}

/**
 * The smallest amount of `from` that converts to at least `minor` of `to`, by asking around the converse's answer.
 * Undefined where it would be no safe integer.
 */
async function costOf(
  ask: Ask,
  from: string,
  to: string,
  minor: number,
): Promise<{ readonly sent: number; readonly rate: string } | undefined> {
  let sent = Math.max(1, (await ask(to, from, minor)).minor);
  let given = await ask(from, to, sent);
  for (let questions = 2; questions < mostQuestions; questions += 1) {
    if (given.minor < minor) {
      sent += stepFor(minor, given.minor, sent);
      if (!isSafeMinor(sent)) {
        return undefined;
      }
      given = await ask(from, to, sent);
      continue;
    }
    const less = sent > 1 ? await ask(from, to, sent - 1) : { minor: 0, rate: given.rate };
    if (less.minor < minor) {
      return { sent, rate: given.rate };
    }
    sent -= 1;
    given = less;
  }
  throw unavailable('gives no steady rate');
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
