import type { Logger } from 'pino';
import type { Database } from '../../../db/connect.js';
import type { Place } from '../../../db/postgres/writers/place.js';
import type { TimeClient, TimeServiceAddress } from '../../../thrift/client.js';
import type { SharedCheck } from '../../features/books/shared-check.js';
import type { Exchange } from '../../features/conversion/exchange.js';
import type { IsLeaked } from '../../features/credentials/leaked-passwords.js';
import type { EventHub } from '../../features/events/hub.js';
import type { OpenStreams } from '../../features/events/open-streams.js';
import type { Metrics } from '../../features/metrics/metrics.js';
import type { Sweep } from '../../features/requests/expire-requests.js';
import type { Sealer } from '../../features/second-factor/sealed-secret.js';
import type { Uses } from '../../features/sessions/uses.js';
import type { WebhookParts } from '../../features/webhooks/webhook-parts.js';
import type { ShareCounts } from '../../http/serve/rate-limiter.js';
import type { LedgerDoor } from '../../ledger/door.js';
import type { Settings } from '../../settings.js';
import type { ServerCertificate } from '../../tls/certificate.js';

/** The parts of a server that are opened already. */
export interface Opened {
  readonly settings: Settings;
  /** The path that what the server leaves for the commands beside it is named after. */
  readonly beside: string;
  readonly certificate: ServerCertificate;
  readonly readers: Database;
  readonly listReaders: Database;
  readonly ledger: LedgerDoor;
  readonly sealer: Sealer;
  readonly hub: EventHub;
  readonly sweep: Sweep;
  readonly streams: OpenStreams;
  readonly webhooks: Pick<WebhookParts, 'targets' | 'worker' | 'post' | 'gate'>;
  readonly uses: Uses;
  readonly isLeaked: IsLeaked;
  readonly time: { readonly address: TimeServiceAddress; readonly client: TimeClient };
  readonly exchange: Exchange;
  readonly bookCheck: SharedCheck;
  /** Where others may serve the same books. */
  readonly shareCounts: ShareCounts | undefined;
  readonly metrics: Metrics;
  /** The server's place among those on the same books, where there can be several. */
  readonly place: Place | undefined;
  readonly logger: Logger;
}
