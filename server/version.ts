import { readFileSync } from 'node:fs';

/** The version of this program, as its package.json says. */
export function readVersion(): string {
  const description: { version: string } = JSON.parse(
    // The compiled files lie one folder deeper than the sources.
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return description.version;
}
