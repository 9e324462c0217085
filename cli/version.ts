import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.js';

/** The version of the package; read when asked, because few commands say it. */
export function version(): string {
  const text = readFileSync(packageFile('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
