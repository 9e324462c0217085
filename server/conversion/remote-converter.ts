import { Agent, request } from 'undici';
import { z } from 'zod';
import { Refusal } from '../errors.js';
import { type Currency, currencyOf } from '../money/currency.js';
import { formatAmount } from '../money/format.js';
import { parseAmount } from '../money/parse.js';
import type { Converter } from './converter.js';

const deadlineMs = 2000;
/** How many times one quote may ask: rounding makes the first guess of a cost miss by a few minor units at most. */
const mostQuestions = 24;

const answerSchema = z.object({ from: z.string(), to: z.string(), converted: z.string(), rate: z.string() });

const unavailable = (why: string) =>
  new Refusal(
    'CONVERSION_UNAVAILABLE',
    `The conversion service ${why}; nothing was done. Repeat with the same Idempotency-Key in a moment.`,
    {
      retryAfterSeconds: 2,
    },
  );

interface Converted {
  readonly minor: number;
  readonly rate: string;
}

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

/** How much more must be sent, judging by what `sent` gave; at least one minor unit. */
function stepFor(wanted: number, given: number, sent: number): number {
  if (given === 0) {
    return sent;
  }
  const step = (BigInt(wanted - given) * BigInt(sent)) / BigInt(given);
  return step > 0n ? Number(step) : 1;
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
    connect: { timeout: deadlineMs, ...(ca !== undefined && { ca }) },
  });

  async function ask(from: string, to: string, minor: number): Promise<Converted> {
    const amount = formatAmount(minor, currencyOf(from));
    const address = `${url.replace(/\/+$/, '')}/conversion/${from}/${to}/${amount}`;
    let answer: unknown;
    try {
      const { statusCode, body } = await request(address, {
        dispatcher: agent,
        signal: AbortSignal.timeout(deadlineMs),
        headers: { accept: 'application/json' },
      });
      answer = await body.json();
      // An amount that converts to less than the smallest unit is refused by our own kind of service.
      if (statusCode === 422) {
        return { minor: 0, rate: '0' };
      }
      if (statusCode !== 200) {
        throw new Error(`status ${statusCode}`);
      }
    } catch {
      throw unavailable('does not answer');
    }
    const parsed = answerSchema.safeParse(answer);
    if (!parsed.success || parsed.data.from !== from || parsed.data.to !== to) {
      throw unavailable('gave an answer that is none');
    }
    return { minor: parseConverted(parsed.data.converted, currencyOf(to)), rate: parsed.data.rate };
  }

  /** The smallest amount of `from` that converts to at least `minor` of `to`, by asking around the converse's answer. */
  async function cost(from: string, to: string, minor: number): Promise<{ sent: number; rate: string }> {
    let sent = Math.max(1, (await ask(to, from, minor)).minor);
    let given = await ask(from, to, sent);
    for (let questions = 2; questions < mostQuestions; questions += 1) {
      if (given.minor < minor) {
        sent += stepFor(minor, given.minor, sent);
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

  return {
    async convert({ from, to, fixed, minor }) {
      if (fixed === 'sent') {
        const given = await ask(from, to, minor);
        return {
          sent: { minor, currency: from },
          received: { minor: given.minor, currency: to },
          rate: given.rate,
        };
      }
      const { sent, rate } = await cost(from, to, minor);
      return { sent: { minor: sent, currency: from }, received: { minor, currency: to }, rate };
    },
    close: () => agent.close(),
  };
}
