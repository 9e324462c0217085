import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { ProblemJson } from '../errors.js';
import { changeRates } from '../features/conversion/change-rates.js';
import { type Exchange, makeExchange, type RateBoard } from '../features/conversion/exchange.js';
import { useRates } from '../features/conversion/rates-store.js';
import type { RemoteExchange } from '../features/conversion/remote-exchange.js';
import { trustedAuthorities } from '../features/conversion/trusted-authorities.js';
import type { EventHub } from '../features/events/hub.js';
import type { LedgerDoor } from '../ledger/door.js';
import { decision } from '../ledger/rule.js';
import { findRated, isSameTable, type RateTable, tooOldDays } from '../money/rate-table.js';
import type { Settings } from '../settings.js';
import { readAuthority } from '../tls/read-authority.js';
import type { Closing } from './closing.js';
import { configuredRates } from './configured-rates.js';
import { RatesRefused } from './rates-refused.js';

interface ExchangeParts {
  readonly settings: Settings;
  /** The rates that the books have. */
  readonly inForce: RateTable;
  readonly ledger: LedgerDoor;
  readonly hub: EventHub;
  /** The server's own certificate (PEM), which is trusted beside the known authorities: it may be asked itself. */
  readonly ca: string;
  readonly logger: Logger;
}

export interface OpenedExchange {
  readonly exchange: Exchange;
  /**
   * Reads the operator's currencies and rates again. Gives which are in force now; throws with the reason why all stays as
   * it was.
   */
  reload(): Promise<string>;
}

/** What the operator does to keep a currency that the books cannot be without. */
const howToKeep = ({ currenciesPath: path }: Settings) =>
  path === undefined
    ? 'To keep it, start with --currencies and a file that lists it.'
    : `To keep it, list it in ${path} as it was.`;

/** Has the ledger go by these rates. Throws RatesRefused. */
async function putIntoForce(
  { ledger, settings }: Pick<ExchangeParts, 'ledger' | 'settings'>,
  table: RateTable,
): Promise<void> {
  const caller = { userId: null, isPerson: false, address: 'local', requestId: randomUUID() };
  const { status, json } = await ledger.decide(decision(changeRates, { input: { table }, caller }));
  if (status !== 200) {
    const { code, detail } = JSON.parse(json) as ProblemJson;
    throw new RatesRefused(code === 'VALIDATION_FAILED' ? `${detail} ${howToKeep(settings)}` : detail);
  }
}

/** The currencies that the operator wants, at the rates that were in force: what counts while the other service is not there. */
function carriedOver(wanted: RateTable, { asOf, source, base, currencies }: RateTable): RateTable {
  const before = new Map(currencies.map(({ code, rate }) => [code, rate]));
  const list = wanted.currencies.map((currency) => ({
    ...currency,
    rate: before.get(currency.code) ?? null,
  }));
  return { base, asOf, source, currencies: list };
}

/**
 * The authorities that a conversion service is believed by (PEM): the one that the operator named and no other, else all known ones.
 * @throws CertificateError where the operator's file holds no certificate.
 */
async function authoritiesFor({ settings, ca }: ExchangeParts): Promise<readonly string[]> {
  const { conversionCaPath: path } = settings;
  return path === undefined
    ? trustedAuthorities(ca)
    : [await readAuthority(path, '--conversion-ca (PAY_CONVERSION_CA)')];
}

/** The exchange that asks another service; the module that asks it is loaded only then. */
async function openRemote(
  parts: ExchangeParts,
  url: string,
  board: RateBoard,
  closing: Closing,
): Promise<RemoteExchange> {
  const { settings, logger } = parts;
  const { makeRemoteConverter } = await import('../features/conversion/remote-converter.js');
  const { makeRemoteExchange } = await import('../features/conversion/remote-exchange.js');
  const remote = makeRemoteConverter(settings.conversionUrl ?? url, await authoritiesFor(parts));
  closing.add(() => remote.close());
  return makeRemoteExchange({
    board,
    remote,
    url,
    putIntoForce: (table) => putIntoForce(parts, table),
    warn: (text) => logger.warn(text),
    nowMs: Date.now,
  });
}

const sentence = ({ asOf, source, currencies }: RateTable) =>
  `${currencies.length} currencies, rates of ${asOf} (${source})`;

function warnOfOldRates({ asOf, source }: RateTable, logger: Logger): void {
  const days = tooOldDays(asOf, new Date());
  if (days !== undefined) {
    logger.warn({ ratesAsOf: asOf, source }, `the rates are ${days} days old`);
  }
}

const hasSameCurrencies = (one: RateTable, other: RateTable) =>
  one.currencies.length === other.currencies.length &&
  one.currencies.every(({ code, digits }) => findRated(other, code)?.digits === digits);

/**
 * The source of rates as the operator has set it: `wanted` has the currencies, and the rates where no other service is
 * asked. The ledger goes by it when this resolves. Throws RatesRefused.
 */
export async function openExchange(
  parts: ExchangeParts,
  wanted: RateTable,
  closing: Closing,
): Promise<OpenedExchange> {
  const { settings, hub, logger } = parts;
  const board: RateBoard = { inForce: parts.inForce };
  hub.onNotice(({ rates }) => {
    if (rates) {
      board.inForce = useRates(rates);
    }
  });

  async function apply(table: RateTable): Promise<void> {
    if (!isSameTable(table, board.inForce)) {
      await putIntoForce(parts, table);
    }
  }

  const { conversionUrl: url } = settings;
  const remote = url === undefined ? undefined : await openRemote(parts, url, board, closing);
  if (!remote) {
    await apply(wanted);
  } else if (!hasSameCurrencies(wanted, board.inForce)) {
    await apply(carriedOver(wanted, board.inForce));
  }
  await remote?.shown().catch((error: Error) => logger.warn(error.message));
  warnOfOldRates(board.inForce, logger);

  return {
    exchange: remote ?? makeExchange(board),
    async reload() {
      const table = await configuredRates(settings);
      await (remote ? remote.allow(table.currencies, table.base) : apply(table));
      warnOfOldRates(board.inForce, logger);
      return sentence(board.inForce);
    },
  };
}
