import { isLoopback } from '../network.js';

/**
 * The names that a certificate must have where the server listens at a host. One that listens for its own machine alone is not reached by
 * the machine's name, and that it has another is then no reason to renew what a proxy believes the server by.
 */
export const hostsReaching = (host: string, machine: string): readonly string[] =>
  isLoopback(host) ? [host] : [host, machine];
