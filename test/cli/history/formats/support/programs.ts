import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { needsProgram } from '../../../../support/needs.js';

/** The programs that the tests of the functions below need. */
export const needsLedgers = ['ledger', 'hledger', 'bean-check', 'bean-query'].map(needsProgram);

/** Runs a program and gives what it prints. */
async function run(t: ExecutionContext, program: string, words: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode, failed } = await execa(program, words, { reject: false });
  t.false(failed, `${program} ended with ${exitCode}: ${stdout}\n${stderr}`);
  t.is(stderr, '', `${program} complains`);
  return stdout;
}

async function withFile(text: string, name: string, work: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-formats-'));
  try {
    const file = join(folder, name);
    await writeFile(file, text);
    await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const plain = (text: string) => text.replaceAll(',', '').trim();

export interface Wanted {
  readonly account: string;
  /** Such as "990.00 GBP". */
  readonly balance: string;
}

/** Loads a journal in Ledger and hledger, both strict, and compares the balance that they give. */
export async function loadInLedgers(t: ExecutionContext, journal: string, wanted: Wanted): Promise<void> {
  await withFile(journal, 'pay.journal', async (file) => {
    // There is one account below it, of any username.
    const account = '^Assets:Pay:';
    const ledger = await run(t, 'ledger', [
      '--pedantic',
      '--no-pager',
      '-f',
      file,
      'balance',
      '--flat',
      '--format',
      '%(display_total)\n',
      account,
    ]);
    t.is(plain(ledger.split('\n')[0] ?? ''), wanted.balance);
    await run(t, 'hledger', ['check', '--strict', '-f', file]);
    const hledger = await run(t, 'hledger', [
      'balance',
      '-f',
      file,
      '-N',
      '--flat',
      '--format',
      '%(total)',
      account,
    ]);
    t.is(plain(hledger), wanted.balance);
  });
}

/** Loads a file in Beancount and compares the balance that it gives. */
export async function loadInBeancount(t: ExecutionContext, text: string, wanted: Wanted): Promise<void> {
  await withFile(text, 'pay.beancount', async (file) => {
    t.is(await run(t, 'bean-check', [file]), '');
    // Positions are printed up to a billion only, numbers whole.
    const query = `select sum(number), currency where account = "${wanted.account}" group by currency`;
    const answer = await run(t, 'bean-query', ['-q', '--format', 'csv', file, query]);
    const [number = '', currency = ''] = (answer.split('\n').at(-1) ?? '').split(',');
    // What was converted to a currency without decimals is written with one.
    t.is(
      `${number.trim().replace(wanted.balance.includes('.') ? '' : /\.0$/, '')} ${currency.trim()}`,
      wanted.balance,
    );
  });
}

/** Works on a file that begins with a line and then includes each of the texts. */
async function withIncluding(
  around: string,
  texts: readonly string[],
  { ending, include }: { readonly ending: string; readonly include: (name: string) => string },
  work: (file: string) => Promise<void>,
): Promise<void> {
  const names = texts.map((_text, at) => `part-${at}.${ending}`);
  await withFile([around, ...names.map(include), ''].join('\n'), `all.${ending}`, async (file) => {
    await Promise.all(names.map((name, at) => writeFile(join(dirname(file), name), texts[at] ?? '')));
    await work(file);
  });
}

/** The balance of the account that hledger gives where journals are included below a line; it must be strictly right. */
export async function includedInHledger(
  t: ExecutionContext,
  around: string,
  journals: readonly string[],
): Promise<string> {
  let balance = '';
  const form = { ending: 'journal', include: (name: string) => `include ${name}` };
  await withIncluding(around, journals, form, async (file) => {
    await run(t, 'hledger', ['check', 'assertions', '--strict', '-f', file]);
    const words = ['-N', '--flat', '--format', '%(total)', '^Assets:Pay:'];
    balance = (await run(t, 'hledger', ['balance', '-f', file, ...words])).trim();
  });
  return balance;
}

/** Beancount must have nothing to say of texts that are included below a line. */
export async function includedInBeancount(
  t: ExecutionContext,
  around: string,
  texts: readonly string[],
): Promise<void> {
  const form = { ending: 'beancount', include: (name: string) => `include "${name}"` };
  await withIncluding(around, texts, form, async (file) => {
    t.is(await run(t, 'bean-check', [file]), '');
  });
}
