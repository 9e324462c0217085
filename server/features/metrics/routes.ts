import { BlockList, isIPv6 } from 'node:net';
import { Refusal } from '../../errors.js';
import { defineRoute } from '../../http/contract/route.js';
import type { Metrics, MetricsSources } from './metrics.js';

export interface MetricsParts extends MetricsSources {
  readonly metrics: Metrics;
  /** Whether others than this machine may look. */
  readonly forAnyone: boolean;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether an address is this machine's own for itself (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopback(address: string): boolean {
  return loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

export function metricsRoutes({ metrics, forAnyone, ...sources }: MetricsParts) {
  const route = defineRoute({
    method: 'GET',
    path: '/metrics',
    operationId: 'showMetrics',
    tag: 'About',
    summary: 'What the server does, for Prometheus',
    description: 'Only for this machine, unless the operator says otherwise.',
    access: { who: 'anyone' },
    answers: {
      200: { description: 'The exposition format of Prometheus, as text.', mediaTypes: ['text/plain'] },
    },
    refusals: ['FORBIDDEN'],
    async handle({ address }) {
      if (!forAnyone && !isLoopback(address)) {
        throw new Refusal(
          'FORBIDDEN',
          'Only this machine itself may read the metrics. The operator can set PAY_METRICS=anyone.',
        );
      }
      return { status: 200, content: await metrics.text(sources), mediaType: metrics.mediaType };
    },
  });
  return [route];
}
