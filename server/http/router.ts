import Router, { type RouterContext } from '@koa/router';
import { Refusal } from '../errors.js';
import type { Exchange } from './contract/exchange.js';
import type { Route } from './contract/route.js';
import { type Endpoint, type EndpointGuards, makeEndpoint } from './endpoint.js';

/** The endpoint that the router would choose for a path without parameters; undefined where the router must look. */
export type FindEndpoint = (method: string, path: string) => Endpoint | undefined;

/**
 * The Koa router of a table of routes. Paths are taken as they are written: letter case and a trailing slash count. So
 * a path without parameters has one spelling, and the router, which prefers it to any with parameters, need not try it
 * against every route: `find` looks it up.
 */
export function makeRouter(
  routes: readonly Route[],
  guards: EndpointGuards,
): { readonly router: Router<Exchange>; readonly find: FindEndpoint } {
  const router = new Router<Exchange>({ sensitive: true, strict: true, exclusive: 'specificity' });
  const byMethod = new Map<string, Map<string, Endpoint>>();
  for (const route of routes) {
    const endpoint = makeEndpoint(route, guards);
    const layer = router.register(koaPath(route.path), [route.method], (context) =>
      endpoint(context, context.params),
    );
    for (const method of route.params === undefined ? layer.methods : []) {
      const byPath = byMethod.get(method) ?? new Map<string, Endpoint>();
      byMethod.set(method, byPath.set(route.path, endpoint));
    }
  }
  return { router, find: (method, path) => byMethod.get(method)?.get(path) };
}

/** `/v1/payments/{id}` as @koa/router writes it: `/v1/payments/:id`. */
function koaPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/**
 * The refusal for a request that no route takes.
 * @throws Refusal METHOD_NOT_ALLOWED where the path is there for other methods, NOT_FOUND where it is not
 */
export function refuseUnrouted(context: RouterContext<Exchange>): never {
  const allow = new Set((context.matched ?? []).flatMap((layer) => layer.methods));
  if (allow.size === 0) {
    throw new Refusal('NOT_FOUND', 'There is nothing at this address.');
  }
  const methods = [...allow].sort();
  throw new Refusal('METHOD_NOT_ALLOWED', `This address takes ${methods.join(', ')}.`, { allow: methods });
}
