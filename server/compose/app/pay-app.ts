import type { Logger } from 'pino';
import { type AboutParts, aboutRoutes } from '../../features/about/routes.js';
import { type AccountParts, accountRoutes } from '../../features/accounts/routes.js';
import type { AdminParts } from '../../features/admin/admin-parts.js';
import { adminRoutes } from '../../features/admin/routes.js';
import { type AuditParts, auditRoutes } from '../../features/audit/routes.js';
import { type BlockParts, blockRoutes } from '../../features/blocks/routes.js';
import { type BookParts, bookRoutes } from '../../features/books/routes.js';
import type { CollectionParts } from '../../features/collections/collection-parts.js';
import { collectionRoutes } from '../../features/collections/routes.js';
import { type ConversionParts, conversionRoutes } from '../../features/conversion/routes.js';
import { type EnrolmentParts, enrolmentRoutes } from '../../features/enrolment/routes.js';
import { type EventParts, eventRoutes } from '../../features/events/routes.js';
import { type InvitationParts, invitationRoutes } from '../../features/invitations/routes.js';
import { type LimitParts, limitRoutes } from '../../features/limits/routes.js';
import { type MetricsParts, metricsRoutes } from '../../features/metrics/routes.js';
import { type PaymentParts, paymentRoutes } from '../../features/payments/routes.js';
import { type PayoutParts, payoutRoutes } from '../../features/payouts/routes.js';
import type { RequestParts } from '../../features/requests/request-parts.js';
import { requestRoutes } from '../../features/requests/routes.js';
import { type SessionParts, sessionRoutes } from '../../features/sessions/routes.js';
import { type StatisticsParts, statisticsRoutes } from '../../features/statistics/routes.js';
import { type SummaryRouteParts, summaryRoutes } from '../../features/summaries/routes.js';
import { type TokenParts, tokenRoutes } from '../../features/tokens/routes.js';
import { webhookRoutes } from '../../features/webhooks/routes.js';
import type { WebhookParts } from '../../features/webhooks/webhook-parts.js';
import { type App, type AppOptions, makeApp } from '../../http/application.js';
import type { Authenticate } from '../../http/serve/bearer.js';
import type { DiskFloor } from '../../http/serve/charges.js';
import type { KeptCounts, ShareCounts } from '../../http/serve/rate-limiter.js';
import type { OnRequestDone } from '../../http/serve/request-log.js';
import { apiInfo } from './api-info.js';

/** What each feature needs. */
export interface FeatureParts {
  readonly accounts: AccountParts;
  readonly sessions: SessionParts;
  readonly tokens: TokenParts;
  readonly enrolment: EnrolmentParts;
  readonly payments: PaymentParts;
  readonly payouts: PayoutParts;
  readonly requests: RequestParts;
  readonly collections: CollectionParts;
  readonly blocks: BlockParts;
  readonly limits: LimitParts;
  readonly summaries: SummaryRouteParts;
  readonly statistics: StatisticsParts;
  readonly events: EventParts;
  readonly webhooks: WebhookParts;
  readonly admin: AdminParts;
  readonly invitations: InvitationParts;
  readonly audit: AuditParts;
  readonly books: BookParts;
  readonly conversion: ConversionParts;
  readonly about: AboutParts;
  readonly metrics: MetricsParts;
}

interface AppParts extends FeatureParts {
  readonly authenticate: Authenticate;
  readonly logger: Logger;
  readonly rateLimits: AppOptions['rateLimits'];
  readonly trustedProxies: AppOptions['trustedProxies'];
  readonly diskFloor: DiskFloor;
  readonly leftBehind: KeptCounts;
  readonly shareCounts: ShareCounts | undefined;
  readonly onRequestDone: OnRequestDone;
}

/** Every room's routes: the router, the validation and the OpenAPI document come from this table. */
export function routeTable(parts: FeatureParts) {
  return [
    ...accountRoutes(parts.accounts),
    ...sessionRoutes(parts.sessions),
    ...tokenRoutes(parts.tokens),
    ...enrolmentRoutes(parts.enrolment),
    ...paymentRoutes(parts.payments),
    ...payoutRoutes(parts.payouts),
    ...requestRoutes(parts.requests),
    ...collectionRoutes(parts.collections),
    ...blockRoutes(parts.blocks),
    ...limitRoutes(parts.limits),
    ...summaryRoutes(parts.summaries),
    ...statisticsRoutes(parts.statistics),
    ...eventRoutes(parts.events),
    ...webhookRoutes(parts.webhooks),
    ...adminRoutes(parts.admin),
    ...invitationRoutes(parts.invitations),
    ...auditRoutes(parts.audit),
    ...bookRoutes(parts.books),
    ...conversionRoutes(parts.conversion),
    ...aboutRoutes(parts.about),
    ...metricsRoutes(parts.metrics),
  ];
}

export function makePayApp(parts: AppParts): App {
  const {
    authenticate,
    logger,
    rateLimits,
    trustedProxies,
    diskFloor,
    leftBehind,
    shareCounts,
    onRequestDone,
  } = parts;
  const info = apiInfo(parts.about.describe().version);
  return makeApp({
    ...{ routes: routeTable(parts), info, authenticate, logger, rateLimits, trustedProxies },
    diskFloor,
    leftBehind,
    shareCounts,
    onRequestDone,
  });
}
