import { X509Certificate } from 'node:crypto';
import { readBackupNote } from '../../../db/operate/backup-note.js';
import type { MetricsParts } from '../../features/metrics/routes.js';
import { countWaiting } from '../../features/webhooks/delivery-store.js';
import type { CommonParts } from './common-parts.js';
import type { Opened } from './opened.js';

/** Where the figures come from that the server gives to Prometheus. */
export function metricsParts(
  {
    settings,
    beside,
    certificate,
    readers,
    streams,
    metrics,
  }: Pick<Opened, 'settings' | 'beside' | 'certificate' | 'readers' | 'streams' | 'metrics'>,
  { ledger, diskUse }: Pick<CommonParts, 'ledger' | 'diskUse'>,
): MetricsParts {
  return {
    metrics,
    forAnyone: settings.metrics === 'anyone',
    queueLength: () => ledger.waiting,
    openStreams: () => streams.open,
    waitingDeliveries: () => countWaiting(readers),
    diskUse,
    backups: () => readBackupNote(beside),
    certificateEndsMs: Date.parse(new X509Certificate(certificate.cert).validTo),
  };
}
