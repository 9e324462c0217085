import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { BackupNote } from '../../../db/operate/backup-note.js';
import type { LedgerMeasure } from '../../ledger/measure.js';
import type { DiskUse } from '../about/free-disk.js';
import { countRequests, type RequestDone } from './request-metrics.js';

/** The figures that are asked for only when somebody looks. */
export interface MetricsSources {
  /** The number of decisions under way. */
  readonly queueLength: () => number;
  readonly openStreams: () => number;
  /** The number of deliveries to webhooks that are due now or later. */
  readonly waitingDeliveries: () => Promise<number>;
  readonly diskUse: () => Promise<DiskUse>;
  readonly backups: () => Promise<BackupNote>;
  /** When the certificate that is shown expires, in ms since 1970. */
  readonly certificateEndsMs: number;
}

/** The metrics that the operator can see of the server, in the words of Prometheus. */
export interface Metrics {
  readonly noteRequest: (done: RequestDone) => void;
  readonly noteLedger: (measure: LedgerMeasure) => void;
  /** Counts a call to the timestamp service from outside the ledger. */
  readonly noteTime: (isAnswered: boolean) => void;
  /** The media type of the text. */
  readonly mediaType: string;
  text(sources: MetricsSources): Promise<string>;
}

const batchBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const commitBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

function countLedger(registers: Registry[], noteTimes: (calls: number, failures: number) => void) {
  const payments = new Counter({
    name: 'pay_payments_total',
    help: 'Payments by kind and by the currency that was sent.',
    labelNames: ['kind', 'currency'] as const,
    registers,
  });
  const batchSize = new Histogram({
    name: 'pay_ledger_batch_size',
    help: 'Decisions that were committed together.',
    buckets: batchBuckets,
    registers,
  });
  const commit = new Histogram({
    name: 'pay_ledger_commit_seconds',
    help: 'The transaction of a batch until it was synced to disk.',
    buckets: commitBuckets,
    registers,
  });
  return (measure: LedgerMeasure) => {
    for (const { decisions, seconds } of measure.batches) {
      batchSize.observe(decisions);
      commit.observe(seconds);
    }
    for (const { kind, currency, count } of measure.payments) {
      payments.inc({ kind, currency }, count);
    }
    noteTimes(measure.timeCalls, measure.timeFailures);
  };
}

function countTimes(registers: Registry[]) {
  const calls = new Counter({
    name: 'pay_timestamp_calls_total',
    help: 'Calls to the timestamp service.',
    registers,
  });
  const failures = new Counter({
    name: 'pay_timestamp_failures_total',
    registers,
    help: 'Calls to the timestamp service that gave no time that could be used.',
  });
  return (made: number, failed: number) => {
    calls.inc(made);
    failures.inc(failed);
  };
}

function makeGauges(registers: Registry[]) {
  const queue = new Gauge({
    name: 'pay_ledger_queue_length',
    help: 'Decisions that wait for the ledger.',
    registers,
  });
  const streams = new Gauge({ name: 'pay_event_streams_open', help: 'Open streams of events.', registers });
  const deliveries = new Gauge({
    name: 'pay_webhook_deliveries_waiting',
    help: 'Deliveries to webhooks still to be made.',
    registers,
  });
  const lookAtKeeping = gaugeKeeping(registers);
  return async ({ queueLength, openStreams, waitingDeliveries, ...keeping }: MetricsSources) => {
    queue.set(queueLength());
    streams.set(openStreams());
    deliveries.set(await waitingDeliveries());
    await lookAtKeeping(keeping);
  };
}

/**
 * The gauges of what is kept: whether there is room for what comes, how old the newest backup is, and how long clients
 * believe the server.
 */
function gaugeKeeping(registers: Registry[]) {
  const free = new Gauge({
    name: 'pay_disk_free_bytes',
    help: 'Room on the disk of the database that the server may use.',
    registers,
  });
  const size = new Gauge({
    name: 'pay_disk_size_bytes',
    help: 'Size of the disk of the database.',
    registers,
  });
  const database = new Gauge({
    name: 'pay_database_bytes',
    help: 'The database with its write-ahead log.',
    registers,
  });
  const good = new Gauge({
    name: 'pay_backup_last_success_timestamp_seconds',
    help: 'When the newest good backup was finished, in seconds since 1970; 0 where none is known.',
    registers,
  });
  const failed = new Gauge({
    name: 'pay_backup_failed',
    help: '1 where the last backup that was tried failed, else 0.',
    registers,
  });
  const expiry = new Gauge({
    name: 'pay_tls_certificate_expiry_timestamp_seconds',
    help: 'When the certificate that the server shows expires, in seconds since 1970.',
    registers,
  });
  return async ({
    diskUse,
    backups,
    certificateEndsMs,
  }: Pick<MetricsSources, 'diskUse' | 'backups' | 'certificateEndsMs'>) => {
    expiry.set(certificateEndsMs / 1_000);
    const [use, note] = await Promise.all([diskUse(), backups()]);
    free.set(use.free);
    size.set(use.size);
    database.set(use.database);
    good.set((note.good?.atMs ?? 0) / 1_000);
    failed.set(note.problem === null ? 0 : 1);
  };
}

/**
 * Makes the metrics and begins to count. The process's own figures count from the first look on: the delay of the event loop
 * is measured a hundred times a second, which costs more than all else that a server does where nobody asks anything of it.
 */
export function makeMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const noteTimes = countTimes(registers);
  const look = makeGauges(registers);
  let isWatchingProcess = false;
  return {
    noteRequest: countRequests(registers),
    noteLedger: countLedger(registers, noteTimes),
    noteTime: (isAnswered) => noteTimes(1, isAnswered ? 0 : 1),
    mediaType: registry.contentType,
    async text(sources) {
      if (!isWatchingProcess) {
        isWatchingProcess = true;
        collectDefaultMetrics({ register: registry });
      }
      await look(sources);
      return registry.metrics();
    },
  };
}
