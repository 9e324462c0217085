/**
 * The fixed rates: how many units of each currency one pound sterling buys, as exact decimals.
 *
 * Source: set by hand, rounded from about the level at which the market closed on the date below.
 * They are not a quotation of any market and do not change by themselves: to change them, edit this table and its date.
 */
export const ratesAsOf = '2024-11-29';

/** The currency that all rates are given against. */
export const baseCurrency = 'GBP';

export const rates: Readonly<Record<string, string>> = {
  AED: '4.664',
  AUD: '1.951',
  BHD: '0.4787',
  BRL: '7.605',
  CAD: '1.7805',
  CHF: '1.1194',
  CLP: '1239',
  CNY: '9.204',
  CZK: '30.36',
  DKK: '8.968',
  EGP: '63.05',
  EUR: '1.2025',
  GBP: '1',
  HKD: '9.884',
  HUF: '496.8',
  IDR: '20130',
  ILS: '4.625',
  INR: '107.35',
  ISK: '174.4',
  JOD: '0.9008',
  JPY: '190.35',
  KES: '164.6',
  KRW: '1773',
  KWD: '0.3906',
  MAD: '12.72',
  MXN: '25.88',
  MYR: '5.646',
  NOK: '14.03',
  NZD: '2.1465',
  OMR: '0.4889',
  PEN: '4.763',
  PHP: '74.45',
  PKR: '353.1',
  PLN: '5.168',
  QAR: '4.629',
  RON: '5.984',
  SAR: '4.771',
  SEK: '13.84',
  SGD: '1.7012',
  THB: '43.57',
  TND: '4.002',
  TRY: '44.07',
  TWD: '41.26',
  UAH: '52.82',
  USD: '1.27',
  VND: '32190',
  ZAR: '22.94',
};
