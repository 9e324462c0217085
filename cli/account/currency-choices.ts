import type { CurrencyJson } from '../../server/money/wire.js';

// The most traded currencies (BIS, Triennial Central Bank Survey 2022).
const common = ['USD', 'EUR', 'JPY', 'GBP', 'CNY', 'AUD', 'CAD', 'CHF'];

// The regions where the euro is the currency (Council regulation 974/98 as amended): elsewhere a code begins with that of
// its country (ISO 4217).
const euroRegions = 'AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK'.split(' ');

function regionOf(locale: string | undefined): string | undefined {
  return locale === undefined ? undefined : new Intl.Locale(locale).maximize().region;
}

function isOfRegion(code: string, region: string): boolean {
  return euroRegions.includes(region) ? code === 'EUR' : code.startsWith(region);
}

/** The currencies to choose from, the likely ones first: the usual one, that of the reader's country, the common ones. */
export function likelyFirst(
  currencies: readonly CurrencyJson[],
  locale: string | undefined,
  usual?: string,
): readonly CurrencyJson[] {
  const region = regionOf(locale);
  const rank = ({ code }: CurrencyJson) => {
    if (code === usual) {
      return -2;
    }
    if (region !== undefined && isOfRegion(code, region)) {
      return -1;
    }
    const at = common.indexOf(code);
    return at < 0 ? common.length : at;
  };
  return currencies.toSorted((one, other) => rank(one) - rank(other));
}
