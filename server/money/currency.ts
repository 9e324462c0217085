export interface Currency {
  /** The code: three capital letters (ISO 4217). */
  readonly code: string;
  readonly name: string;
  /** The symbol that people write, unmistakable among the currencies of this table. */
  readonly symbol: string;
  /** The number of decimals that its minor unit has. */
  readonly digits: number;
}

/**
 * The currencies that people may hold, sorted by code. Codes and digits are those of ISO 4217 (list one,
 * the column "minor unit"), names and symbols those of Unicode CLDR for English.
 */
export const currencies: readonly Currency[] = [
  { code: 'AED', name: 'United Arab Emirates Dirham', symbol: 'AED', digits: 2 },
  { code: 'AUD', name: 'Australian Dollar', symbol: 'A$', digits: 2 },
  { code: 'BHD', name: 'Bahraini Dinar', symbol: 'BHD', digits: 3 },
  { code: 'BRL', name: 'Brazilian Real', symbol: 'R$', digits: 2 },
  { code: 'CAD', name: 'Canadian Dollar', symbol: 'CA$', digits: 2 },
  { code: 'CHF', name: 'Swiss Franc', symbol: 'CHF', digits: 2 },
  { code: 'CLP', name: 'Chilean Peso', symbol: 'CLP', digits: 0 },
  { code: 'CNY', name: 'Chinese Yuan', symbol: 'CN¥', digits: 2 },
  { code: 'CZK', name: 'Czech Koruna', symbol: 'CZK', digits: 2 },
  { code: 'DKK', name: 'Danish Krone', symbol: 'DKK', digits: 2 },
  { code: 'EGP', name: 'Egyptian Pound', symbol: 'EGP', digits: 2 },
  { code: 'EUR', name: 'Euro', symbol: '€', digits: 2 },
  { code: 'GBP', name: 'British Pound', symbol: '£', digits: 2 },
  { code: 'HKD', name: 'Hong Kong Dollar', symbol: 'HK$', digits: 2 },
  { code: 'HUF', name: 'Hungarian Forint', symbol: 'HUF', digits: 2 },
  { code: 'IDR', name: 'Indonesian Rupiah', symbol: 'IDR', digits: 2 },
  { code: 'ILS', name: 'Israeli New Shekel', symbol: '₪', digits: 2 },
  { code: 'INR', name: 'Indian Rupee', symbol: '₹', digits: 2 },
  { code: 'ISK', name: 'Icelandic Króna', symbol: 'ISK', digits: 0 },
  { code: 'JOD', name: 'Jordanian Dinar', symbol: 'JOD', digits: 3 },
  { code: 'JPY', name: 'Japanese Yen', symbol: '¥', digits: 0 },
  { code: 'KES', name: 'Kenyan Shilling', symbol: 'KES', digits: 2 },
  { code: 'KRW', name: 'South Korean Won', symbol: '₩', digits: 0 },
  { code: 'KWD', name: 'Kuwaiti Dinar', symbol: 'KWD', digits: 3 },
  { code: 'MAD', name: 'Moroccan Dirham', symbol: 'MAD', digits: 2 },
  { code: 'MXN', name: 'Mexican Peso', symbol: 'MX$', digits: 2 },
  { code: 'MYR', name: 'Malaysian Ringgit', symbol: 'MYR', digits: 2 },
  { code: 'NOK', name: 'Norwegian Krone', symbol: 'NOK', digits: 2 },
  { code: 'NZD', name: 'New Zealand Dollar', symbol: 'NZ$', digits: 2 },
  { code: 'OMR', name: 'Omani Rial', symbol: 'OMR', digits: 3 },
  { code: 'PEN', name: 'Peruvian Sol', symbol: 'PEN', digits: 2 },
  { code: 'PHP', name: 'Philippine Peso', symbol: '₱', digits: 2 },
  { code: 'PKR', name: 'Pakistani Rupee', symbol: 'PKR', digits: 2 },
  { code: 'PLN', name: 'Polish Zloty', symbol: 'PLN', digits: 2 },
  { code: 'QAR', name: 'Qatari Riyal', symbol: 'QAR', digits: 2 },
  { code: 'RON', name: 'Romanian Leu', symbol: 'RON', digits: 2 },
  { code: 'SAR', name: 'Saudi Riyal', symbol: 'SAR', digits: 2 },
  { code: 'SEK', name: 'Swedish Krona', symbol: 'SEK', digits: 2 },
  { code: 'SGD', name: 'Singapore Dollar', symbol: 'SGD', digits: 2 },
  { code: 'THB', name: 'Thai Baht', symbol: 'THB', digits: 2 },
  { code: 'TND', name: 'Tunisian Dinar', symbol: 'TND', digits: 3 },
  { code: 'TRY', name: 'Turkish Lira', symbol: 'TRY', digits: 2 },
  { code: 'TWD', name: 'New Taiwan Dollar', symbol: 'NT$', digits: 2 },
  { code: 'UAH', name: 'Ukrainian Hryvnia', symbol: 'UAH', digits: 2 },
  { code: 'USD', name: 'US Dollar', symbol: '$', digits: 2 },
  { code: 'VND', name: 'Vietnamese Dong', symbol: '₫', digits: 0 },
  { code: 'ZAR', name: 'South African Rand', symbol: 'ZAR', digits: 2 },
];

type ByCode = ReadonlyMap<string, Currency>;

const byCode = (list: readonly Currency[]): ByCode =>
  new Map(list.map((currency) => [currency.code, currency]));

const builtIn = byCode(currencies);

/**
 * The currencies that this process, or thread, knows. They are the one thing here that changes while it runs: the currencies
 * of a server are asked for wherever an amount is read or written.
 */
let known = builtIn;

/** Makes these the currencies that this process, or thread, knows from now on. */
export function useCurrencies(list: readonly Currency[]): void {
  known = byCode(list);
}

/** The currencies of this server, sorted by code. */
export const knownCurrencies = (): readonly Currency[] => [...known.values()];

/** The currency of the built-in table with this code. */
export const builtInCurrency = (code: string): Currency | undefined => builtIn.get(code);

/** The currency of this code, which must be in capitals. */
export function findCurrency(code: string): Currency | undefined {
  return known.get(code);
}

/**
 * The currency of a code that was checked before.
 * @throws RangeError where it was not.
 */
export function currencyOf(code: string): Currency {
  const currency = known.get(code);
  if (currency === undefined) {
    throw new RangeError(`no such currency: ${code}`);
  }
  return currency;
}
