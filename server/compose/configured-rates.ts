import { openingCreditProblem } from '../features/accounts/opening-credit.js';
import { readCurrencyFile } from '../features/conversion/currency-file.js';
import { builtInRates, type RateTable } from '../money/rate-table.js';
import { type Settings, SettingsError } from '../settings.js';

/**
 * The currencies and rates that the operator has set: those of the file, or the built-in ones. Throws CurrencyFileFault,
 * and SettingsError where the opening credit cannot be given in them.
 */
export async function configuredRates({ currenciesPath, openingCredit }: Settings): Promise<RateTable> {
  const table = currenciesPath === undefined ? builtInRates : await readCurrencyFile(currenciesPath);
  const problem = openingCreditProblem(openingCredit, table);
  if (problem !== undefined) {
    const { amount, currency } = openingCredit;
    throw new SettingsError(
      `--opening-credit (PAY_OPENING_CREDIT): "${amount} ${currency}" is not right; give an amount that every currency can hold: ${problem.replace(/\.$/, '')}.`,
    );
  }
  return table;
}
