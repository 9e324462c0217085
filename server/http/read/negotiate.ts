import { Refusal } from '../../errors.js';
import type { Context } from '../contract/exchange.js';
import type { Route } from '../contract/route.js';

const json = 'application/json';

/** The media types in which a route answers when it does what it was asked, the usual one first; none where it answers without a body. */
export function mediaTypesOf(route: Route): readonly string[] {
  const types = new Set<string>();
  for (const [status, answer] of Object.entries(route.answers)) {
    if (Number(status) < 300) {
      for (const type of [...(answer.schema ? [json] : []), ...(answer.mediaTypes ?? [])]) {
        types.add(type);
      }
    }
  }
  return [...types];
}

/**
 * The one of these media types that the client likes best (RFC 9110 §12.5.1). Whoever takes JSON problems takes JSON.
 * @throws Refusal NOT_ACCEPTABLE
 */
export function negotiate(context: Context, mediaTypes: readonly string[]): string {
  const accept = context.req.headers.accept;
  const [usual] = mediaTypes;
  if (usual === undefined) {
    return json;
  }
  if (accept === undefined || accept === '*/*' || accept === usual) {
    return usual;
  }
  const best = context.accepts([...mediaTypes]);
  if (typeof best === 'string') {
    return best;
  }
  if (mediaTypes.includes(json) && context.accepts('application/problem+json') !== false) {
    return json;
  }
  throw new Refusal(
    'NOT_ACCEPTABLE',
    `This can be had as ${mediaTypes.join(' or ')}; the Accept header excludes it.`,
  );
}
