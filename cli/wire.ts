/** One page of a list (API.md, Conventions). */
export interface ListJson<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

export interface SessionJson {
  readonly token: string;
  readonly expiresAt: string;
  readonly user: { readonly username: string; readonly currency: string };
}

export interface TokenJson {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

export interface NewTokenJson extends TokenJson {
  readonly token: string;
}

export interface ConversionJson {
  readonly from: string;
  readonly to: string;
  readonly amount: string;
  readonly rate: string;
  readonly converted: string;
  readonly ratesAsOf: string;
}

export interface CurrenciesJson {
  readonly base: string;
  readonly ratesAsOf: string;
  readonly data: readonly import('../server/money/wire.js').CurrencyJson[];
}

export interface TimeJson {
  readonly currentTime: string;
  readonly timestamp: string;
  readonly source: string;
}
