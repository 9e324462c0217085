import { findCurrency } from '../../server/money/currency.js';
import { formatAmount } from '../../server/money/format.js';
import { parseAmount } from '../../server/money/parse.js';
import { Failure } from '../failure/failure.js';
import { meantBesides, newKey } from '../settling/own-key.js';
import type { Payer } from '../settling/payer.js';
import { settleCommand } from '../settling/settle-command.js';
import { expiryOf } from '../terminal/expiry.js';
import type { Bill } from './bills.js';
import { splitBill } from './split-bill.js';

export interface BillTerms {
  readonly users: readonly string[];
  readonly amount: string;
  readonly currency: string;
}

export interface BillOptions {
  readonly memo?: string;
  readonly expires?: string;
  readonly split?: true;
  readonly includeMe?: true;
  readonly key?: string;
  readonly confirmDuplicate?: string;
}

/** The command line as it was meant, by which an earlier run of it is known again. */
function termWords({ users, amount, currency }: BillTerms, options: BillOptions): string[] {
  const { memo, expires, split, includeMe } = options;
  return [
    ...users.map((user) => user.toLowerCase()),
    amount,
    currency,
    `memo ${memo ?? ''}`,
    `expires ${expires ?? ''}`,
    split ? 'split' : '',
    includeMe ? 'me' : '',
  ];
}

function checkUsers({ users }: BillTerms, payer: Payer): void {
  const names = users.map((user) => user.toLowerCase());
  const twice = users.find((_, index) => names.indexOf(names[index] ?? '') !== index);
  if (twice !== undefined) {
    throw new Failure('usage', `${twice} is named twice.`);
  }
  if (names.includes(payer.user.toLowerCase())) {
    throw new Failure('usage', 'You are among those to be asked.', {
      next: ['To have a share of your own: --include-me'],
    });
  }
}

/** The shares: what each is asked for, and, with `includeMe`, what is left for the one who asks: the last share. */
export function sharesOf({ users, amount, currency: code }: BillTerms, includeMe: boolean): string[] {
  const currency = findCurrency(code);
  const parsed = currency && parseAmount(amount, currency);
  if (!currency || !parsed || !('minor' in parsed)) {
    throw new Failure('usage', `${amount} ${code} cannot be shared here.`, {
      next: ['See the currencies: pay rates'],
    });
  }
  const heads = users.length + (includeMe ? 1 : 0);
  const shares = splitBill(parsed.minor, heads);
  if (shares.includes(0)) {
    throw new Failure('usage', `${amount} ${code} is too little to be shared by ${heads}.`);
  }
  return shares.map((share) => formatAmount(share, currency));
}

/** A new bill: what each is asked for, each share with a key of its own. @throws Failure (usage) */
export function makeBill(terms: BillTerms, options: BillOptions, payer: Payer, now: Date): Bill {
  const { split, includeMe, memo, expires } = options;
  if (includeMe && !split) {
    throw new Failure('usage', '--include-me goes with --split.');
  }
  if (split) {
    checkUsers(terms, payer);
  }
  const amounts = split ? sharesOf(terms, includeMe === true) : [terms.amount];
  const key = options.key ?? newKey();
  const expiresAt = expires === undefined ? undefined : expiryOf(expires, now);
  const besides = meantBesides(options);
  const shares = terms.users.map((from, index) => ({
    key: split ? `${key}.${from.toLowerCase()}` : key,
    body: {
      from,
      amount: amounts[index] ?? '',
      currency: terms.currency,
      ...(memo !== undefined && { memo }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...besides,
    },
  }));
  const command = settleCommand(
    {
      verb: ['request'],
      operands: [...terms.users, terms.amount, terms.currency],
      flags: {
        '--memo': memo,
        '--expires': expiresAt,
        '--split': split,
        '--include-me': includeMe,
        '--confirm-duplicate': besides.confirmDuplicateOf,
      },
    },
    key,
    payer,
  );
  const { server, user } = payer;
  return {
    key,
    shares,
    terms: termWords(terms, options),
    server,
    user,
    createdAt: now.toISOString(),
    command,
  };
}
