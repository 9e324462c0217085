import test from 'ava';
import * as fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { countRequests, type RequestDone } from '../../../server/features/metrics/request-metrics.js';

const routes = [
  { method: 'GET', path: '/v1/me' },
  { method: 'POST', path: '/v1/payments' },
  { method: 'GET', path: '/v1/payments' },
] as const;

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const requests: fc.Arbitrary<RequestDone[]> = fc.array(
  fc.record({
    route: fc.option(fc.constantFrom(...routes), { nil: undefined }),
    status: fc.option(fc.constantFrom(200, 201, 404, 503), { nil: undefined }),
    seconds: fc.oneof(fc.constantFrom(0, ...bounds), fc.double({ min: 0, max: 20, noNaN: true })),
  }),
);

/** What prom-client says of requests that it was told of one after the other. */
function toldOneByOne(done: readonly RequestDone[]): Promise<string> {
  const registry = new Registry();
  const durations = new Histogram({
    name: 'pay_http_request_duration_seconds',
    help: 'Requests by method, route and status, from their head until their answer was out.',
    labelNames: ['method', 'route', 'status'],
    buckets: bounds,
    registers: [registry],
  });
  for (const { route, status, seconds } of done) {
    const { method, path } = route ?? { method: 'none', path: 'none' };
    durations.observe({ method, route: path, status: String(status ?? 'none') }, seconds);
  }
  return registry.metrics();
}

test('requests are counted as prom-client counts them', async (t) => {
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(requests, async (done) => {
        const registry = new Registry();
        const note = countRequests([registry]);
        for (const one of done) {
          note(one);
        }
        return (await registry.metrics()) === (await toldOneByOne(done));
      }),
    ),
  );
});
