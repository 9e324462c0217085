import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { type Database, openPatientReaders, openReaders } from '../../db/connect.js';
import { makeFolder } from '../../db/files/data-folder.js';
import { lockDatabase } from '../../db/open/lock-database.js';
import { type HeldDatabase, holdDatabase } from '../../db/open/open-database.js';
import { readBackupNote } from '../../db/operate/backup-note.js';
import { isPostgres } from '../../db/postgres/place.js';
import { machineMicros } from '../clock.js';
import { makeDiskFloor, makeDiskUse } from '../features/about/free-disk.js';
import { readNewestPaymentMicros } from '../features/about/newest-payment.js';
import { makeStorageProbe, waitForTurn } from '../features/about/probe-storage.js';
import { makeSharedCheck, type SharedCheck } from '../features/books/shared-check.js';
import { startCheck } from '../features/books/start-check.js';
import type { Exchange } from '../features/conversion/exchange.js';
import { readRates, useRates } from '../features/conversion/rates-store.js';
import { type IsLeaked, openLeakedList } from '../features/credentials/leaked-passwords.js';
import { makePasswordHasher } from '../features/credentials/password-hash.js';
import { makePasswordJudge } from '../features/credentials/password-strength.js';
import { streamTiming } from '../features/events/event-stream.js';
import { type EventHub, makeEventHub } from '../features/events/hub.js';
import { makeOpenStreams, type OpenStreams } from '../features/events/open-streams.js';
import { makeGuessGuard } from '../features/guesses/guess-guard.js';
import { keepLeftBehind } from '../features/left-behind/kept-counts.js';
import { makeLists } from '../features/lists/lists.js';
import { type Metrics, makeMetrics } from '../features/metrics/metrics.js';
import { makeReadThread } from '../features/payouts/read-thread.js';
import { type Sweep, sweepExpiredRequests } from '../features/requests/expire-requests.js';
import { lookAtCodes } from '../features/second-factor/look-at-codes.js';
import type { Sealer } from '../features/second-factor/sealed-secret.js';
import { makeAuthenticator } from '../features/sessions/authenticate.js';
import { sessionLifetimes } from '../features/sessions/lifetimes.js';
import { makeUses, type Uses } from '../features/sessions/uses.js';
import { makeRefusalCounter } from '../features/statistics/count-refusals.js';
import { countWaiting } from '../features/webhooks/delivery-store.js';
import { makeCursors } from '../http/answer/cursor.js';
import { makeGate } from '../http/serve/bounded-gate.js';
import { drain } from '../http/serve/drain.js';
import { type DrainableServer, makeHttpsServer } from '../http/serve/listen.js';
import type { LedgerDoor } from '../ledger/door.js';
import { makeProxyList } from '../network.js';
import type { Settings } from '../settings.js';
import { afterWallTime } from '../timer.js';
import { loadOrMakeCertificate, type ServerCertificate } from '../tls/certificate.js';
import { readIdentity } from '../tls/identity.js';
import { besideServer } from './beside-server.js';
import { openBooks } from './books.js';
import { type Closing, makeClosing } from './closing.js';
import { type Company, keepCompany } from './company.js';
import { configuredRates } from './configured-rates.js';
import { describeServer } from './describe-server.js';
import { openExchange } from './open-exchange.js';
import { makePayApp } from './pay-app.js';
import { issuerOf, openSealer } from './sealing.js';
import { openTime, type TimeSource, waitForTime } from './time-source.js';
import { openWebhooks, type Webhooks } from './webhooks.js';

/** How long requests in flight may take when the server is asked to stop. */
const drainDeadlineMs = 8_000;

/** Connections for finding out who calls, and for looking one thing up: each takes a fraction of a millisecond. */
const lookUpConnections = 2;

/** A page that takes longer to find is not waited for. */
const listDeadlineMs = 5_000;

const tooManyPayouts =
  'Too many payouts wait already; nothing was done. Repeat it in a moment, with the same Idempotency-Key if it had one.';

export interface RunningServer {
  readonly url: string;
  /** SHA-256 of the certificate's public key, as clients pin it. */
  readonly fingerprint: string;
  /** The timestamp service that is asked, as `host:port`, and whether the server runs it itself. */
  readonly time: { readonly address: string; readonly isOwn: boolean };
  /** Resolves once the timestamp service has answered: payments can be taken. */
  readonly ready: Promise<void>;
  /** Reads the operator's currencies and rates again; gives what is so now, or throws with the reason why all stays as it was. */
  reloadRates(): Promise<string>;
  /** Resolves when the ledger has had its turn, also where it could write nothing. */
  ledgerAnswers(): Promise<void>;
  /** Resolves with the reason when the server cannot go on and has to be started anew. */
  readonly broken: Promise<string>;
  /** Lets what is in flight finish and closes everything. */
  stop(): Promise<void>;
}

interface Opened {
  readonly settings: Settings;
  readonly certificate: ServerCertificate;
  readonly readers: Database;
  readonly listReaders: Database;
  readonly ledger: LedgerDoor;
  readonly sealer: Sealer;
  readonly hub: EventHub;
  readonly sweep: Sweep;
  readonly streams: OpenStreams;
  readonly webhooks: Webhooks;
  readonly uses: Uses;
  readonly isLeaked: IsLeaked;
  readonly time: TimeSource;
  readonly exchange: Exchange;
  readonly bookCheck: SharedCheck;
  readonly metrics: Metrics;
  readonly company: Company;
  readonly logger: Logger;
}

function makeServer(opened: Opened): DrainableServer {
  const {
    settings,
    certificate,
    readers,
    listReaders,
    sealer,
    hub,
    sweep,
    streams,
    webhooks,
    uses,
    isLeaked,
    time,
    exchange,
    bookCheck,
    metrics,
    company,
    logger,
  } = opened;
  const { authenticate, forget } = makeAuthenticator(readers, machineMicros, uses, () => company.isAlone);
  hub.onNotice(forget);
  const guard = makeGuessGuard({ readers, machineMicros, figures: settings.rateLimits.rates });
  const { shares, rates } = settings.rateLimits;
  const refusals = makeRefusalCounter(machineMicros());
  const payoutBounds = {
    running: shares.payouts,
    waiting: shares.payoutsWaiting,
    tooMany: tooManyPayouts,
  };
  const ledger = lookAtCodes(opened.ledger, {
    ...{ readers, guard, sealer, machineMicros },
    adminsNeedFactor: settings.adminSecondFactor === 'required',
  });
  const hasher = makePasswordHasher(shares);
  const lists = makeLists({ readers: listReaders, cursors: makeCursors(certificate.key), shares });
  const diskUse = makeDiskUse(besideServer(settings));
  const accounts = {
    readers,
    ledger,
    hasher,
    judgePassword: makePasswordJudge([settings.host, hostname()], shares, isLeaked),
    openingCredit: settings.openingCredit,
    registration: settings.registration,
    machineMicros,
    guard,
    converter: exchange.convert,
  };
  const app = makePayApp({
    accounts,
    sessions: {
      readers,
      ledger,
      hasher,
      lists,
      machineMicros,
      lifetimes: sessionLifetimes(settings),
      guard,
    },
    tokens: { readers, ledger, lists },
    enrolment: { readers, ledger, hasher, guard, sealer, issuer: issuerOf(settings) },
    payments: {
      ...{ readers, ledger, lists, converter: exchange.remote },
      refundDays: settings.refundDays,
    },
    payouts: {
      ...{ readers, ledger, converter: exchange.remote },
      gate: makeGate(payoutBounds),
      readLong: makeReadThread(makeGate({ ...payoutBounds, running: { ofOne: 1, inAll: 1 } })),
    },
    requests: {
      readers,
      ledger,
      lists,
      converter: exchange.remote,
      checkFunds: settings.requestsCheckFunds,
      sweep,
    },
    collections: { readers, ledger, lists, checkFunds: settings.requestsCheckFunds, machineMicros },
    blocks: { readers, ledger, lists },
    limits: { readers, ledger, lists, machineMicros },
    summaries: { readers: listReaders, lists, machineMicros },
    statistics: { readers: listReaders, lists, machineMicros, refusals },
    events: { readers, ledger, lists, hub, streams, uses, machineMicros, timing: streamTiming },
    webhooks: { readers, ledger, lists, ...webhooks },
    admin: { ...accounts, lists },
    invitations: { readers, ledger, lists, machineMicros },
    audit: { lists },
    books: { check: bookCheck },
    conversion: { exchange },
    about: {
      storageProblem: makeStorageProbe({
        readers,
        ledger,
        folder: isPostgres(settings.databasePath) ? undefined : dirname(settings.databasePath),
      }),
      askTime: () => time.client.currentTimeMicros(),
      newestPaymentMicros: () => readNewestPaymentMicros(readers),
      machineMicros,
      timeSource: `thrift://${time.address.host}:${time.address.port}`,
      describe: () => describeServer(settings, exchange.inForce),
    },
    metrics: {
      metrics,
      forAnyone: settings.metrics === 'anyone',
      queueLength: () => ledger.waiting,
      openStreams: () => streams.open,
      waitingDeliveries: () => countWaiting(readers),
      diskUse,
      backups: () => readBackupNote(besideServer(settings)),
      certificateEndsMs: Date.parse(new X509Certificate(certificate.cert).validTo),
    },
    authenticate,
    logger,
    rateLimits: rates,
    trustedProxies: settings.trustedProxies,
    diskFloor: makeDiskFloor(diskUse, settings.diskFloorMegabytes * 1_000_000),
    leftBehind: keepLeftBehind({ readers, ledger, machineMicros, logger }),
    onRequestDone(done) {
      metrics.noteRequest(done);
      refusals.note(done.code);
    },
  });
  return makeHttpsServer({
    cert: certificate.cert,
    key: certificate.key,
    handler: app.callback(),
    logger,
    connections: shares.connections,
    proxies: settings.trustedProxies && makeProxyList(settings.trustedProxies),
  });
}

async function listen(server: DrainableServer, { host, port }: Settings): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return `https://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

async function open(settings: Settings, logger: Logger, closing: Closing): Promise<RunningServer> {
  const rates = await configuredRates(settings);
  const isLeaked = await openLeakedList(settings.leakedPasswordsPath);
  if (isPostgres(settings.databasePath)) {
    // Of SQLite the database itself is in the data folder, or has a lock beside it.
    await makeFolder(settings.dataDir);
    const lock = await lockDatabase(besideServer(settings));
    closing.add(() => lock.release());
  }
  const held: HeldDatabase = await holdDatabase(settings.databasePath, await readIdentity(settings.dataDir));
  closing.add(() => held.release());
  if (held.copy !== undefined) {
    logger.info(
      { migrations: held.applied, kept: held.copy },
      'the database was brought up to date; a copy of it as it was is kept until somebody removes it',
    );
  } else if (held.applied.length > 0) {
    logger.info({ migrations: held.applied }, 'the database was brought up to date');
  }
  const certificate = await loadOrMakeCertificate({
    dataDir: settings.dataDir,
    hosts: [settings.host, hostname()],
    certPath: settings.tlsCertPath,
    keyPath: settings.tlsKeyPath,
    now: new Date(),
  });
  const metrics = makeMetrics();
  const time = await openTime(settings, metrics.noteTime, closing);
  const hub = makeEventHub();
  const company = keepCompany(held.place, { hub, logger });
  const chain = held.place?.chain ?? 1;
  const ledger = await openBooks(settings, { rates, time, chain, hub, metrics, logger }, closing);
  const readers = openReaders(settings.databasePath, lookUpConnections);
  closing.add(() => readers.destroy());
  const listReaders = openPatientReaders(
    settings.databasePath,
    settings.rateLimits.shares.lists.inAll,
    listDeadlineMs,
  );
  closing.add(() => listReaders.destroy());
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
  const server = makeServer({
    settings,
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
    metrics,
    company,
    logger,
  });
  closing.add(() => {
    streams.endAll();
    return drain(server, drainDeadlineMs);
  });
  // Before the drain, which would wait for those who wait for it.
  closing.add(() => bookCheck.stop());
  // So that nothing is written besides while what is in flight waits for its turn.
  closing.add(() => uses.stop());
  await company.joined();
  const url = await listen(server, settings);

  let isStopping = false;
  return {
    url,
    fingerprint: certificate.fingerprint,
    time: {
      address: `${time.address.host}:${time.address.port}`,
      isOwn: settings.timeAddress === undefined,
    },
    ready: waitForTime(time.client, () => isStopping),
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
    await closing.run();
    throw error;
  }
}
