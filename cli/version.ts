import { readFileSync } from 'node:fs';

/** The version of the package; read when asked, because few commands say it. */
export function version(): string {
  // Both dist/cli and dist/bundle lie two folders below the package.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
