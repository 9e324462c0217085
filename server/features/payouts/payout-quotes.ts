import { selectMatching } from '../../../db/bulk.js';
import type { Database } from '../../../db/connect.js';
import type { UserRow } from '../../../db/tables/users.js';
import type { Converter } from '../conversion/converter.js';
import { justRegistered, quoteBefore } from '../payments/quote-before.js';
import type { OutsideQuote } from '../payments/quote-payment.js';
import type { OutsideQuotes, PayoutItem } from './send-payout.js';

/** The number of questions that the other service is asked at once. */
const askedAtOnce = 16;
/** The time for all quotes: beyond it the client would give up before the answer. */
const deadlineMs = 8_000;

const tooSlow: OutsideQuote = {
  unavailable:
    'The conversion service is too slow for so many; nothing was done. Repeat it with the same Idempotency-Key, if it had one, in a moment.',
};

async function findReceivers(
  readers: Database,
  items: readonly PayoutItem[],
): Promise<ReadonlyMap<string, UserRow>> {
  const names = [...new Set(items.map(({ to }) => to))];
  const users = await selectMatching<UserRow>(
    readers,
    { table: 'users', columns: ['username_key'], nulls: [false], atMost: 1 },
    names.map((name) => [name]),
  );
  return new Map(users.map((user) => [user.username_key, user]));
}

const isFailure = (quote: OutsideQuote) => quote !== null && 'unavailable' in quote;

/**
 * Asks the questions, a few at a time. Once one cannot be had the rest is not asked for: the payout as a whole is refused
 * then.
 */
async function askAll(questions: ReadonlyMap<string, () => Promise<OutsideQuote>>) {
  const answers = new Map<string, OutsideQuote>();
  const startMs = performance.now();
  let failure: OutsideQuote = null;

  async function askOneAfterAnother(
    rest: IterableIterator<[string, () => Promise<OutsideQuote>]>,
  ): Promise<void> {
    for (const [question, ask] of rest) {
      failure ??= performance.now() - startMs > deadlineMs ? tooSlow : null;
      const answer = failure ?? (await ask());
      answers.set(question, answer);
      failure ??= isFailure(answer) ? answer : null;
    }
  }

  const rest = questions.entries();
  await Promise.all(Array.from({ length: askedAtOnce }, () => askOneAfterAnother(rest)));
  return answers;
}

/** The other conversion service's quote for each item; null where there is none and the server's own rates count. */
export async function quotesBefore(
  { converter, readers }: { readonly converter: Converter | undefined; readonly readers: Database },
  items: readonly PayoutItem[],
  from: string,
): Promise<OutsideQuotes> {
  if (!converter) {
    return null;
  }
  const receivers = await findReceivers(readers, items);
  const receiverOf = ({ to }: PayoutItem) => receivers.get(to);
  // Items that say the same share one answer.
  const questionOf = (item: PayoutItem) =>
    `${item.amount.minor} ${item.amount.currency} ${receiverOf(item)?.currency}`;
  const questions = new Map(
    items.flatMap((item) => {
      const receiver = receiverOf(item);
      const ask = (to: string) => () => quoteBefore(converter, item.amount, from, to);
      return receiver ? [[questionOf(item), ask(receiver.currency)] as const] : [];
    }),
  );
  const answers = await askAll(questions);
  return items.map((item) => (receiverOf(item) ? (answers.get(questionOf(item)) ?? null) : justRegistered));
}
