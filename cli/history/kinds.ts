import type { PaymentJson } from '../../server/features/payments/wire.js';

/** The words for the kinds of payments. */
export const kindTexts: Readonly<Record<string, string>> = {
  transfer: 'payment',
  request: 'request',
  refund: 'refund',
  adjustment: 'adjustment',
  opening_credit: 'opening credit',
} satisfies Record<PaymentJson['kind'], string>;

/** The words for the kinds, each as one word to type. */
export const kindWords: readonly string[] = Object.values(kindTexts).map((text) => text.replaceAll(' ', '-'));

const spaced = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, ' ');

/** The kind that a word stands for, as people are shown it or as programs are; undefined where it stands for none. */
export function kindOf(word: string): string | undefined {
  return Object.entries(kindTexts).find(([kind, text]) => [text, spaced(kind)].includes(spaced(word)))?.[0];
}
