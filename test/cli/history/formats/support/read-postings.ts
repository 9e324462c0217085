import { millionths, Sums } from './decimal.js';

export interface ReadJournal {
  /** Sums by account and currency: "Assets:Pay:alice GBP". */
  readonly sums: Sums;
  readonly transactions: number;
  /** The first line of each transaction. */
  readonly titles: readonly string[];
  /** How many balances are asserted; one that is not so is refused. */
  readonly assertions: number;
  /** Whether the last line says that it is the last. */
  readonly isWhole: boolean;
}

const posting =
  /^ {2,4}([A-Z][^ ;:]*(?::[^ ;:]+(?: [^ ;:]+)*)+) {2}(-?[\d.]+) ([A-Z]{3})(?: @@ ([\d.]+) ([A-Z]{3}))?(?: = (-?[\d.]+ [A-Z]{3}))?$/;
const note = /^ {2,4}(?:; )?[a-z-]+: \S.*$/;
const title = /^\d{4}-\d{2}-\d{2} \* .+$/;

interface Syntax {
  /** The names of what a directive makes known, where the line is one. */
  readonly declared: (line: string) => string | undefined;
  readonly mustDeclareCurrencies: boolean;
  /** The account and the money that a line alone asserts: "Assets:Pay:Alice", "1021.00 GBP". */
  readonly asserted: (line: string) => readonly [string, string] | undefined;
}

const ledgerSyntax: Syntax = {
  declared: (line) => /^(?:account|commodity|tag) (.+)$/.exec(line)?.[1],
  mustDeclareCurrencies: true,
  asserted: () => undefined,
};

const beancountSyntax: Syntax = {
  declared: (line) =>
    /^1970-01-01 open ([A-Z][A-Za-z0-9-]*(?::[A-Z0-9][A-Za-z0-9-]*)+)(?: [A-Z]{3})?$/.exec(line)?.[1],
  mustDeclareCurrencies: false,
  asserted(line) {
    const [, account = '', money] =
      /^\d{4}-\d{2}-\d{2} balance (\S+) {2}(-?[\d.]+ [A-Z]{3})$/.exec(line) ?? [];
    return money === undefined ? undefined : [account, money];
  },
};

/**
 * Reads what it knows of a journal and refuses every other line; each transaction must balance by its costs and stand
 * behind those of earlier days.
 */
function read(text: string, { declared, asserted, mustDeclareCurrencies }: Syntax): ReadJournal {
  const known = new Set<string>();
  const sums = new Sums();
  const titles: string[] = [];
  let weights = new Sums();
  let assertions = 0;

  function check(account: string, money: string): void {
    const [amount = '', currency = ''] = money.split(' ');
    assertions += 1;
    if (sums.of(`${account} ${currency}`) !== millionths(amount)) {
      throw new Error(`not the balance of ${account}: ${money}`);
    }
  }

  function take(line: string): void {
    const [, account = '', amount = '', currency = '', cost, costCurrency, balance] =
      posting.exec(line) ?? [];
    if (!known.has(account) || (mustDeclareCurrencies && !known.has(currency))) {
      throw new Error(`not made known before: ${line}`);
    }
    const size = millionths(amount);
    sums.add(`${account} ${currency}`, size);
    const weight = cost === undefined ? size : millionths(cost) * (size < 0n ? -1n : 1n);
    weights.add(costCurrency ?? currency, weight);
    if (balance !== undefined) {
      check(account, balance);
    }
  }

  function close(): void {
    if (weights.left().length > 0) {
      throw new Error(`does not balance: ${titles.at(-1)}`);
    }
    weights = new Sums();
  }

  const lines = text.split('\n');
  for (const line of lines) {
    const name = declared(line);
    const assertion = asserted(line);
    if (name !== undefined) {
      known.add(name);
    } else if (assertion !== undefined) {
      check(...assertion);
    } else if (title.test(line)) {
      if (line.slice(0, 10) < (titles.at(-1) ?? '').slice(0, 10)) {
        throw new Error(`not in the order of time: ${line}`);
      }
      titles.push(line);
    } else if (posting.test(line)) {
      take(line);
    } else if (line === '') {
      close();
    } else if (!note.test(line) && line !== 'decimal-mark .' && !/^; The end\. Payments: \d+$/.test(line)) {
      throw new Error(`not understood: ${line}`);
    }
  }
  return {
    sums,
    titles,
    assertions,
    transactions: titles.length,
    isWhole: lines.at(-2) === `; The end. Payments: ${titles.length}`,
  };
}

export const readLedger = (text: string): ReadJournal => read(text, ledgerSyntax);

export const readBeancount = (text: string): ReadJournal => read(text, beancountSyntax);
