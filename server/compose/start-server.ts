import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { machineMicros } from '../clock.js';
import { waitForTurn } from '../features/about/probe-storage.js';
import { makeSharedCheck } from '../features/books/shared-check.js';
import { startCheck } from '../features/books/start-check.js';
import { readRates, useRates } from '../features/conversion/rates-store.js';
import { openLeakedList } from '../features/credentials/leaked-passwords.js';
import { makeEventHub } from '../features/events/hub.js';
import { makeOpenStreams } from '../features/events/open-streams.js';
import { makeMetrics } from '../features/metrics/metrics.js';
import { sweepExpiredRequests } from '../features/requests/expire-requests.js';
import { sessionLifetimes } from '../features/sessions/lifetimes.js';
import { makeUses } from '../features/sessions/uses.js';
import { drain } from '../http/serve/drain.js';
import type { DrainableServer } from '../http/serve/listen.js';
import type { Settings } from '../settings.js';
import { afterWallTime } from '../timer.js';
import { makeServer } from './app/make-server.js';
import type { Opened } from './app/opened.js';
import { besideServer } from './beside-server.js';
import { openBooks } from './books.js';
import { openCertificate } from './certificate.js';
import { type Closing, makeClosing } from './closing.js';
import { keepCompany } from './company.js';
import { configuredRates } from './configured-rates.js';
import { holdBooks } from './hold-books.js';
import { openExchange } from './open-exchange.js';
import { openServerReaders } from './readers.js';
import { openSealer } from './sealing.js';
import { openSharedCounts } from './shared-counts.js';
import { openTime, waitForTime } from './time-source.js';
import { openWebhooks } from './webhooks.js';

/** How long requests in flight may take when the server is asked to stop. */
const drainDeadlineMs = 8_000;

export interface RunningServer {
  readonly url: string;
  /** SHA-256 of the certificate's public key, as clients pin it. */
  readonly fingerprint: string;
  /** The timestamp service that is asked, as `host:port`, and whether the server runs it itself. */
  readonly time: { readonly address: string; readonly isOwn: boolean };
  /** Resolves once the timestamp service has answered: payments can be taken. A server that stops before that never is. */
  readonly ready: Promise<void>;
  /**
   * Reads the operator's currencies and rates again; gives which are in force now, or throws with the reason why all stays
   * as it was.
   */
  reloadRates(): Promise<string>;
  /** Resolves when the ledger has had its turn, also where it could write nothing. */
  ledgerAnswers(): Promise<void>;
  /** Resolves with the reason when the server cannot go on and has to be started anew. */
  readonly broken: Promise<string>;
  /** Lets what is in flight finish and closes everything. */
  stop(): Promise<void>;
}

async function listen(server: DrainableServer, { host, port }: Settings): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return `https://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

/** Serves what is opened, until that is closed. Gives the URL. */
async function serve(opened: Opened, closing: Closing): Promise<string> {
  const server = makeServer(opened);
  closing.add(() => {
    opened.streams.endAll();
    return drain(server, drainDeadlineMs);
  });
  // The checks of the books stop before the drain, which would wait for those who wait for them.
  closing.add(() => opened.bookCheck.stop());
  // The uses of credentials stop first, so that nothing is written besides while what is in flight waits for its turn.
  closing.add(() => opened.uses.stop());
  return listen(server, opened.settings);
}

async function open(settings: Settings, logger: Logger, closing: Closing): Promise<RunningServer> {
  const rates = await configuredRates(settings);
  const isLeaked = await openLeakedList(settings.leakedPasswordsPath);
  const held = await holdBooks(settings, logger, closing);
  const certificate = await openCertificate(settings, logger, closing);
  const metrics = makeMetrics();
  const time = await openTime(settings, metrics.noteTime, closing);
  const hub = makeEventHub();
  keepCompany(held.place, { hub, logger });
  // Before the ledger is there, which says how many others there are.
  const shareCounts = openSharedCounts(settings, hub, closing);
  const chain = held.place?.chain ?? 1;
  const ledger = await openBooks(settings, { rates, time, chain, hub, metrics, logger }, closing);
  const { readers, listReaders } = openServerReaders(settings, closing);
  const inForce = useRates(await readRates(readers));
  const { exchange, reload } = await openExchange(
    { settings, inForce, ledger, hub, ca: certificate.cert, logger },
    rates,
    closing,
  );
  const sweep = sweepExpiredRequests({ readers, ledger, now: machineMicros, after: afterWallTime, logger });
  closing.add(() => sweep.stop());
  hub.onNotice(({ firstExpiry }) => firstExpiry !== undefined && sweep.by(firstExpiry));
  const streams = makeOpenStreams(settings.rateLimits.shares);
  const webhooks = openWebhooks(settings, { readers, ledger, hub, logger }, closing);
  const { idleMicros } = sessionLifetimes(settings);
  const uses = makeUses({ ledger, idleMicros, after: afterWallTime, logger });
  const bookCheck = makeSharedCheck(() => startCheck(settings.databasePath), logger);
  const opened: Opened = {
    settings,
    beside: besideServer(settings),
    certificate,
    readers,
    listReaders,
    ledger,
    sealer: await openSealer(settings, { readers, logger }),
    hub,
    sweep,
    streams,
    webhooks,
    uses,
    isLeaked,
    time,
    exchange,
    bookCheck,
    shareCounts,
    metrics,
    place: held.place,
    logger,
  };
  const url = await serve(opened, closing);

  let isStopping = false;
  return {
    url,
    fingerprint: certificate.fingerprint,
    time: {
      address: `${time.address.host}:${time.address.port}`,
      isOwn: settings.timeAddress === undefined,
    },
    ready: waitForTime(time.client, {
      isStopping: () => isStopping,
      tell: (reason) => logger.warn({ reason }, 'not ready: payments wait for the timestamp service'),
    }),
    reloadRates: reload,
    ledgerAnswers: () => waitForTurn(ledger),
    broken: Promise.race([ledger.broken, time.failed, ...(held.lost ? [held.lost] : [])]),
    async stop() {
      isStopping = true;
      await closing.run();
    },
  };
}

/**
 * Starts everything that the settings asks for. Throws DatabaseProblem, CertificateError or the system's error of a port
 * that cannot be listened on, with nothing left open.
 */
export async function startServer(settings: Settings, logger: Logger): Promise<RunningServer> {
  const closing = makeClosing();
  try {
    return await open(settings, logger, closing);
  } catch (error) {
    await closing.run().catch((left: unknown) => {
      logger.error({ err: left }, 'the start failed, and not all that it had opened could be closed');
    });
    throw error;
  }
}
