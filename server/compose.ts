import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { type Database, openReaders } from '../db/connect.js';
import { DatabaseProblem } from '../db/database-problem.js';
import { type HeldDatabase, holdDatabase } from '../db/open-database.js';
import { connectTime, type TimeClient } from '../thrift/client.js';
import { startTimeThread, type TimeThread } from '../thrift/thread.js';
import type { ServerJson } from './about/wire.js';
import { makePayApp } from './app.js';
import { machineMicros } from './clock.js';
import type { Config } from './config.js';
import { quoteAtOwnRates } from './conversion/converter.js';
import { makeRemoteConverter, type RemoteConverter } from './conversion/remote-converter.js';
import { makePasswordHasher } from './credentials/password-hash.js';
import { makePasswordJudge } from './credentials/password-strength.js';
import { maxPasswordLength } from './credentials/prepare-password.js';
import { streamTiming } from './events/event-stream.js';
import { type EventHub, makeEventHub } from './events/hub.js';
import type { Notice } from './events/notice.js';
import { makeOpenStreams, type OpenStreams } from './events/open-streams.js';
import { makeCursors } from './http/cursor.js';
import { drain } from './http/drain.js';
import { type DrainableServer, makeHttpsServer } from './http/listen.js';
import { type LedgerDoor, openDoor } from './ledger/door.js';
import type { LedgerThreadData } from './ledger-thread.js';
import { currencies } from './money/currency.js';
import { moneyJson } from './money/format.js';
import { baseCurrency } from './money/rates.js';
import { sweepExpiredRequests } from './requests/expire-requests.js';
import { makeAuthenticate } from './sessions/authenticate.js';
import { loadOrMakeCertificate, type ServerCertificate } from './tls/certificate.js';
import { readVersion } from './version.js';
import { makePostDelivery } from './webhooks/post-delivery.js';
import { makeReach } from './webhooks/reach.js';
import { resolveHost } from './webhooks/resolve-host.js';
import { afterWallTime } from './webhooks/timer.js';
import type { WebhookParts } from './webhooks/webhook-parts.js';
import { startWorker } from './webhooks/worker.js';

/** How long requests in flight may take when the server is asked to stop. */
const drainDeadlineMs = 8_000;
/** Decisions under way at once; more than a hundred clients have, and what a few commits take. */
const mostWaitingDecisions = 2_048;
/** How long a webhook's endpoint may take to answer. */
const webhookDeadlineMs = 10_000;

export interface RunningServer {
  readonly url: string;
  /** SHA-256 of the certificate's public key, as clients pin it. */
  readonly fingerprint: string;
  /** Resolves once the timestamp service has answered: payments can be taken. */
  readonly ready: Promise<void>;
  /** Resolves with the reason when the server cannot go on and has to be started anew. */
  readonly broken: Promise<string>;
  /** Lets what is in flight finish and closes everything. */
  stop(): Promise<void>;
}

/** What has to be closed, in the reverse order of opening; a start that fails closes what it has opened. */
interface Closing {
  add(close: () => Promise<unknown> | unknown): void;
  run(): Promise<void>;
}

function makeClosing(): Closing {
  const steps: (() => Promise<unknown> | unknown)[] = [];
  return {
    add: (close) => void steps.push(close),
    async run() {
      for (let close = steps.pop(); close; close = steps.pop()) {
        await close();
      }
    },
  };
}

interface TimeSource {
  readonly address: { readonly host: string; readonly port: number };
  readonly client: TimeClient;
  readonly failed: Promise<string>;
}

async function openTime(config: Config, closing: Closing): Promise<TimeSource> {
  let thread: TimeThread | undefined;
  if (config.timeAddress === undefined) {
    thread = await startTimeThread({ host: '127.0.0.1', port: config.timePort });
    closing.add(thread.close);
  }
  const address = thread ?? config.timeAddress ?? { host: '127.0.0.1', port: config.timePort };
  const client = connectTime({ host: address.host, port: address.port });
  closing.add(() => client.close());
  return {
    address: { host: address.host, port: address.port },
    client,
    failed: thread ? thread.failed.then((error) => error.message) : new Promise(() => {}),
  };
}

async function openBooks(
  config: Config,
  { time, hub, logger }: { readonly time: TimeSource; readonly hub: EventHub; readonly logger: Logger },
  closing: Closing,
): Promise<LedgerDoor> {
  const workerData: LedgerThreadData = { databasePath: config.databasePath, time: time.address };
  const door = await openDoor({
    entry: new URL('./ledger-thread.js', import.meta.url),
    workerData,
    // The thread was wired with noticeOf, so what comes out of it is a Notice.
    onNotice: (notice) => hub.publish(notice as Notice),
    onFault: (fault, { rule, caller }) =>
      logger.error({ fault, rule, requestId: caller.requestId }, 'the ledger failed'),
    mostWaiting: mostWaitingDecisions,
  }).catch((error: Error) => {
    throw new DatabaseProblem(
      `The books in ${config.databasePath} cannot be opened (${error.message}). ` +
        'Look whether another program uses the file and whether the disk is well, then start again.',
      { cause: error },
    );
  });
  closing.add(() => door.close());
  return door;
}

type Webhooks = Pick<WebhookParts, 'reach' | 'worker'>;

function openWebhooks(
  { webhooksPrivate }: Config,
  parts: Pick<Opened, 'readers' | 'ledger' | 'hub' | 'logger'>,
  closing: Closing,
): Webhooks {
  const reach = makeReach({ allowsPrivate: webhooksPrivate, resolveHost });
  const worker = startWorker({
    ...parts,
    post: makePostDelivery({
      reach,
      userAgent: `pay/${readVersion()}`,
      now: machineMicros,
      deadlineMs: webhookDeadlineMs,
    }),
    now: machineMicros,
    after: afterWallTime,
    random: Math.random,
  });
  closing.add(() => worker.stop());
  return { reach, worker };
}

function describe(config: Config): ServerJson {
  return {
    name: 'pay',
    version: readVersion(),
    baseCurrency,
    currencies: currencies.map(({ code }) => code),
    openingCredit: moneyJson(config.openingCredit),
    limits: {
      bodyBytes: 65_536,
      memoCharacters: 500,
      passwordMinCharacters: 8,
      passwordMaxCharacters: maxPasswordLength,
      pageItems: 100,
      tokenDays: 366,
    },
    policies: {
      rounding: { received: 'down', debited: 'up' },
      rateLimits: config.rateLimits,
      requestsCheckFunds: config.requestsCheckFunds,
      idempotencyKeysExpire: false,
    },
  };
}

interface Opened {
  readonly config: Config;
  readonly certificate: ServerCertificate;
  readonly readers: Database;
  readonly ledger: LedgerDoor;
  readonly hub: EventHub;
  readonly streams: OpenStreams;
  readonly webhooks: Webhooks;
  readonly time: TimeSource;
  readonly remote: RemoteConverter | undefined;
  readonly logger: Logger;
}

function makeServer(opened: Opened): DrainableServer {
  const { config, certificate, readers, ledger, hub, streams, webhooks, time, remote, logger } = opened;
  const hasher = makePasswordHasher();
  const cursors = makeCursors(certificate.key);
  const judgePassword = makePasswordJudge();
  const app = makePayApp({
    accounts: {
      readers,
      ledger,
      hasher,
      judgePassword,
      openingCredit: config.openingCredit,
      converter: remote?.convert ?? (async (request) => quoteAtOwnRates(request)),
    },
    sessions: { readers, ledger, hasher },
    tokens: { readers, ledger, cursors },
    payments: { readers, ledger, cursors, converter: remote?.convert },
    requests: {
      readers,
      ledger,
      cursors,
      converter: remote?.convert,
      checkFunds: config.requestsCheckFunds,
    },
    blocks: { readers, ledger, cursors },
    events: { readers, ledger, cursors, hub, streams, machineMicros, timing: streamTiming },
    webhooks: { readers, ledger, cursors, ...webhooks },
    about: {
      readers,
      askTime: () => time.client.currentTimeMicros(),
      timeSource: `thrift://${time.address.host}:${time.address.port}`,
      server: describe(config),
    },
    authenticate: makeAuthenticate(readers, machineMicros),
    logger,
    rateLimits: config.rateLimits,
  });
  return makeHttpsServer({ cert: certificate.cert, key: certificate.key, handler: app.callback(), logger });
}

async function listen(server: DrainableServer, { host, port }: Config): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return `https://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

/** Asks until the timestamp service answers. */
async function waitForTime(client: TimeClient, isStopping: () => boolean): Promise<void> {
  while (!isStopping()) {
    try {
      await client.currentTimeMicros();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

async function open(config: Config, logger: Logger, closing: Closing): Promise<RunningServer> {
  const held: HeldDatabase = await holdDatabase(config.databasePath);
  closing.add(() => held.release());
  const certificate = await loadOrMakeCertificate({
    dataDir: config.dataDir,
    hosts: [config.host, hostname()],
    certPath: config.tlsCertPath,
    keyPath: config.tlsKeyPath,
    now: new Date(),
  });
  const time = await openTime(config, closing);
  const hub = makeEventHub();
  const ledger = await openBooks(config, { time, hub, logger }, closing);
  const readers = openReaders(config.databasePath);
  closing.add(() => readers.destroy());
  const remote =
    config.conversionUrl === undefined
      ? undefined
      : makeRemoteConverter(config.conversionUrl, certificate.cert);
  closing.add(() => remote?.close());
  const sweep = sweepExpiredRequests({ readers, ledger, machineMicros, logger });
  closing.add(() => sweep.stop());
  const streams = makeOpenStreams();
  const webhooks = openWebhooks(config, { readers, ledger, hub, logger }, closing);
  const server = makeServer({
    config,
    certificate,
    readers,
    ledger,
    hub,
    streams,
    webhooks,
    time,
    remote,
    logger,
  });
  closing.add(() => {
    streams.endAll();
    return drain(server, drainDeadlineMs);
  });
  const url = await listen(server, config);

  let isStopping = false;
  return {
    url,
    fingerprint: certificate.fingerprint,
    ready: waitForTime(time.client, () => isStopping),
    broken: Promise.race([ledger.broken, time.failed]),
    async stop() {
      isStopping = true;
      await closing.run();
    },
  };
}

/**
 * Starts everything that the config asks for. Throws DatabaseProblem, CertificateError or the system's error of a port
 * that cannot be listened on, with nothing left open.
 */
export async function startServer(config: Config, logger: Logger): Promise<RunningServer> {
  const closing = makeClosing();
  try {
    return await open(config, logger, closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
}
