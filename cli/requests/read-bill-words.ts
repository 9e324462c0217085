import { looksLikeCurrency } from '../terminal/amount.js';

export interface BillWords {
  readonly users: readonly string[];
  readonly amount: string | undefined;
  readonly currency: string | undefined;
}

const startsLikeAmount = /^[\p{Nd}.,+\-\u2212]/u;

/**
 * Sorts `<user...> <amount> [currency]`. The first word is always somebody, even where the name is a number. An amount
 * is told from a name by how it begins; whether it is right is judged later.
 */
export function readBillWords(words: readonly string[]): BillWords {
  const [last, before] = [words.at(-1), words.at(-2)];
  const isAmount = (word: string | undefined, at: number) =>
    at > 0 && word !== undefined && startsLikeAmount.test(word);
  if (last !== undefined && looksLikeCurrency(last) && isAmount(before, words.length - 2)) {
    return { users: words.slice(0, -2), amount: before, currency: last };
  }
  return isAmount(last, words.length - 1)
    ? { users: words.slice(0, -1), amount: last, currency: undefined }
    : { users: words, amount: undefined, currency: undefined };
}
