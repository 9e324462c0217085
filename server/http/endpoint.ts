import { sendAnswer } from './answer/answer.js';
import { LazyCall } from './contract/call.js';
import type { Context } from './contract/exchange.js';
import type { Route } from './contract/route.js';
import { mediaTypesOf, negotiate } from './read/negotiate.js';
import { announcedBytes, nothingSent } from './read/read-body.js';
import { makeInputReader } from './read/read-input.js';
import { checkAccess } from './serve/access.js';
import { type Authenticate, viewerOf } from './serve/bearer.js';
import { type CallerLimits, type DiskFloor, makeCharges } from './serve/charges.js';

export type Endpoint = (context: Context, params: Readonly<Record<string, string>>) => Promise<void>;

export interface EndpointGuards {
  readonly authenticate: Authenticate;
  /** None where limits are off. */
  readonly callerLimits: CallerLimits | undefined;
  readonly diskFloor: DiskFloor;
}

/**
 * One route as a function from request to answer. The checks come in a fixed order: who is calling, may they, are they
 * within limits, can they read the answer; then the body (type, size, JSON), the shape of everything, the key.
 */
export function makeEndpoint(
  route: Route,
  { authenticate, callerLimits, diskFloor }: EndpointGuards,
): Endpoint {
  const mediaTypes = mediaTypesOf(route);
  const { readSent, readInput } = makeInputReader(route);
  const { access } = route;
  const charges = makeCharges(route, callerLimits, diskFloor);

  return async (context, params) => {
    const { state } = context;
    state.route = route;
    state.isUnderKey = route.underKey === true;
    if (access.who !== 'anyone') {
      const viewer = viewerOf(context.req.headers.authorization, authenticate);
      state.viewer = viewer instanceof Promise ? await viewer : viewer;
      checkAccess(access, state.viewer);
    }
    if (charges.ofRequest !== undefined) {
      await charges.ofRequest(state);
    }
    const mediaType = negotiate(context, mediaTypes);
    const announced = announcedBytes(context.req);
    const chargedBytes = charges.ofBytes(state, announced);
    if (chargedBytes !== undefined) {
      await chargedBytes;
    }
    const sent = announced === 0 ? nothingSent : await readSent(context);
    const input = readInput(context, params, sent);
    const chargedAct = charges.ofAct(state, input, sent.bytes);
    if (chargedAct !== undefined) {
      await chargedAct;
    }
    const call = new LazyCall(context, input, mediaType);
    sendAnswer(context, await route.handle(call));
  };
}
