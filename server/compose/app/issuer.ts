import { hostname } from 'node:os';
import type { Settings } from '../../settings.js';

/** The name by which apps call this server: its service, and its host unless that is an address. */
export const issuerOf = ({ host }: Pick<Settings, 'host'>): string =>
  `pay on ${/^[0-9.:]+$/.test(host) ? hostname() : host}`;
