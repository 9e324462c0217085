import { Histogram, type Registry } from 'prom-client';

/** A request that has been answered, or whose client went away. */
export interface RequestDone {
  /** The route that took the request; undefined where none did. */
  readonly route: { readonly method: string; readonly path: string } | undefined;
  /** The status of the answer; undefined where there was none. */
  readonly status: number | undefined;
  readonly seconds: number;
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The labels of every request that no route took, so that nobody can make up others. */
const noRoute = { method: 'none', path: 'none' };

type Observe = (seconds: number) => void;

/**
 * Counts requests by the template of their route and by status, with how long they took. What belongs to a pair is
 * looked up once: this runs for every request.
 */
export function countRequests(registers: Registry[]): (done: RequestDone) => void {
  const durations = new Histogram({
    name: 'pay_http_request_duration_seconds',
    help: 'Requests by method, route and status, from their head until their answer was out.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets,
    registers,
  });
  const observers = new Map<object, Map<number | undefined, Observe>>();
  return ({ route = noRoute, status, seconds }) => {
    let ofRoute = observers.get(route);
    if (ofRoute === undefined) {
      ofRoute = new Map();
      observers.set(route, ofRoute);
    }
    let observe = ofRoute.get(status);
    if (observe === undefined) {
      const child = durations.labels(route.method, route.path, String(status ?? 'none'));
      observe = (value) => child.observe(value);
      ofRoute.set(status, observe);
    }
    observe(seconds);
  };
}
