import { machineMicros } from '../../clock.js';
import { makeDiskFloor } from '../../features/about/free-disk.js';
import { keepLeftBehind } from '../../features/left-behind/kept-counts.js';
import { makeAuthenticator } from '../../features/sessions/authenticate.js';
import { type DrainableServer, makeHttpsServer } from '../../http/serve/listen.js';
import { makeProxyList } from '../../network.js';
import { makeCommonParts } from './common-parts.js';
import { featureParts } from './feature-parts.js';
import type { Opened } from './opened.js';
import { makePayApp } from './pay-app.js';

/** Wires the features to what they need, and gives the server that serves them; it does not listen yet. */
export function makeServer(opened: Opened): DrainableServer {
  const { settings, certificate, readers, hub, uses, metrics, place, logger } = opened;
  const { shares, rates } = settings.rateLimits;
  const { authenticate, forget } = makeAuthenticator(readers, machineMicros, uses, place);
  hub.onNotice(forget);
  const common = makeCommonParts(opened);
  const { ledger, refusals, diskUse } = common;
  const app = makePayApp({
    ...featureParts(opened, common),
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
