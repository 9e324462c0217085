import assert from 'node:assert/strict';
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

const labelNames = ['method', 'route', 'status'] as const;

type Durations = Histogram<(typeof labelNames)[number]>;

/** What prom-client keeps of the values with the same labels; its types do not show it. */
interface KeptValues {
  readonly labels: object;
  /** How many values are in a bucket and in none below it, by its bound. */
  readonly bucketValues: Record<string, number>;
  sum: number;
  count: number;
}

type Observe = (seconds: number) => void;

/**
 * Observes values with the same labels. prom-client would check the labels and look for them anew for each, which takes longer than
 * to add a value to what it keeps of them.
 */
function observerOf(
  durations: Durations,
  [method, route, status]: readonly [string, string, string],
): Observe {
  const labels = { method, route, status };
  durations.zero(labels);
  const { hashMap } = durations as unknown as { readonly hashMap: Readonly<Record<string, KeptValues>> };
  const kept = Object.values(hashMap).find((values) => values.labels === labels);
  assert(kept !== undefined, 'prom-client keeps values with the labels that they began with.');
  const bounds = buckets.map((bound) => ({ bound, name: String(bound) }));
  assert(
    bounds.every(({ name }) => kept.bucketValues[name] === 0),
    'Each bucket begins with nothing.',
  );
  return (seconds) => {
    kept.sum += seconds;
    kept.count += 1;
    const bucket = bounds.find(({ bound }) => seconds <= bound);
    if (bucket !== undefined) {
      (kept.bucketValues[bucket.name] as number) += 1;
    }
  };
}

/**
 * Counts requests by the template of their route and by status, with how long they took. What belongs to a pair is
 * looked up once: this runs for every request.
 */
export function countRequests(registers: Registry[]): (done: RequestDone) => void {
  const durations: Durations = new Histogram({
    name: 'pay_http_request_duration_seconds',
    help: 'Requests by method, route and status, from their head until their answer was out.',
    labelNames,
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
      observe = observerOf(durations, [route.method, route.path, String(status ?? 'none')]);
      ofRoute.set(status, observe);
    }
    observe(seconds);
  };
}
