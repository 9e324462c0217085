import { readFileSync } from 'node:fs';

interface Description {
  readonly version: string;
  readonly engines: { readonly node: string };
}

const readDescription = (): Description =>
  // The compiled files lie one folder deeper than the sources.
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** The version of this program, as its package.json says. */
export const readVersion = (): string => readDescription().version;

/** The oldest Node that this program runs on, such as `20.19`. */
export const readOldestNode = (): string => readDescription().engines.node.replace('>=', '');
