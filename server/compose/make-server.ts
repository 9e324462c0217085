import { X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import type { Database } from '../../db/connect.js';
import { readBackupNote } from '../../db/operate/backup-note.js';
import { isPostgres } from '../../db/postgres/place.js';
import type { Place } from '../../db/postgres/writers/place.js';
import { machineMicros } from '../clock.js';
import { makeDiskFloor, makeDiskUse } from '../features/about/free-disk.js';
import { readNewestPaymentMicros } from '../features/about/newest-payment.js';
import { makeStorageProbe } from '../features/about/probe-storage.js';
import type { SharedCheck } from '../features/books/shared-check.js';
import type { Exchange } from '../features/conversion/exchange.js';
import type { IsLeaked } from '../features/credentials/leaked-passwords.js';
import { makePasswordHasher } from '../features/credentials/password-hash.js';
import { makePasswordJudge } from '../features/credentials/password-strength.js';
import { streamTiming } from '../features/events/event-stream.js';
import type { EventHub } from '../features/events/hub.js';
import type { OpenStreams } from '../features/events/open-streams.js';
import { makeGuessGuard } from '../features/guesses/guess-guard.js';
import { keepLeftBehind } from '../features/left-behind/kept-counts.js';
import { makeLists } from '../features/lists/lists.js';
import type { Metrics } from '../features/metrics/metrics.js';
import { makeReadThread } from '../features/payouts/read-thread.js';
import type { Sweep } from '../features/requests/expire-requests.js';
import { lookAtCodes } from '../features/second-factor/look-at-codes.js';
import type { Sealer } from '../features/second-factor/sealed-secret.js';
import { makeAuthenticator } from '../features/sessions/authenticate.js';
import { sessionLifetimes } from '../features/sessions/lifetimes.js';
import type { Uses } from '../features/sessions/uses.js';
import { makeRefusalCounter } from '../features/statistics/count-refusals.js';
import { countWaiting } from '../features/webhooks/delivery-store.js';
import { makeCursors } from '../http/answer/cursor.js';
import { makeGate } from '../http/serve/bounded-gate.js';
import { type DrainableServer, makeHttpsServer } from '../http/serve/listen.js';
import type { ShareCounts } from '../http/serve/rate-limiter.js';
import type { LedgerDoor } from '../ledger/door.js';
import { makeProxyList } from '../network.js';
import type { Settings } from '../settings.js';
import type { ServerCertificate } from '../tls/certificate.js';
import { besideServer } from './beside-server.js';
import { describeServer } from './describe-server.js';
import { makePayApp } from './pay-app.js';
import { issuerOf } from './sealing.js';
import type { TimeSource } from './time-source.js';
import type { Webhooks } from './webhooks.js';

const tooManyPayouts =
  'Too many payouts wait already; nothing was done. Repeat it in a moment, with the same Idempotency-Key if it had one.';

/** The parts of a server that are opened already. */
export interface Opened {
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
  /** Where others may serve the same books. */
  readonly shareCounts: ShareCounts | undefined;
  readonly metrics: Metrics;
  /** The server's place among those on the same books, where there can be several. */
  readonly place: Place | undefined;
  readonly logger: Logger;
}

/** Wires the features to what they need, and gives the server that serves them; it does not listen yet. */
export function makeServer(opened: Opened): DrainableServer {
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
    place,
    logger,
  } = opened;
  const { authenticate, forget } = makeAuthenticator(readers, machineMicros, uses, () =>
    place === undefined ? 1 : place.taken,
  );
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
    shareCounts: opened.shareCounts,
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
