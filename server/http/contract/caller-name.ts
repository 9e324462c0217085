import { networkOf } from '../../network.js';
import type { Exchange } from './exchange.js';

/** The name under which a caller is counted: the user, or the network where nobody is logged in. */
export const callerName = ({ address, viewer }: Pick<Exchange, 'address' | 'viewer'>): string =>
  viewer === undefined ? networkOf(address) : String(viewer.userId);
