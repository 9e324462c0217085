import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { Failure } from '../failure/failure.js';

function noFolder(what: string): Failure {
  return new Failure('usage', `${what}, so that there is no folder for pay's files.`, {
    next: ['Set HOME to your folder, or name one for them: PAY_CONFIG_DIR=/path/to/folder'],
  });
}

function home(): string {
  try {
    return homedir();
  } catch {
    throw noFolder('HOME is not set, and this user has no folder');
  }
}

/**
 * The folder of the command line's files: PAY_CONFIG_DIR, or what the platform has for this.
 * @throws Failure (usage) where neither is known
 */
export async function configFolder(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { PAY_CONFIG_DIR: given, XDG_CONFIG_HOME: xdg } = environment;
  if (given) {
    return resolve(given);
  }
  const isXdg = process.platform !== 'win32' && process.platform !== 'darwin';
  if (isXdg && xdg) {
    if (!isAbsolute(xdg)) {
      throw noFolder(`XDG_CONFIG_HOME is ${JSON.stringify(xdg)}, which is no absolute path`);
    }
    return join(xdg, 'pay');
  }
  const folder = home();
  if (!isAbsolute(folder)) {
    throw noFolder(
      folder === '' ? 'HOME is empty' : `HOME is ${JSON.stringify(folder)}, which is no absolute path`,
    );
  }
  // The package is loaded only now: it looks for the home when it is loaded.
  const { default: envPaths } = await import('env-paths');
  return envPaths('pay', { suffix: '' }).config;
}
