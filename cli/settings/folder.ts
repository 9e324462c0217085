import { resolve } from 'node:path';

/** The folder of the command line's files: PAY_CONFIG_DIR, or what the platform has for this. */
export async function configFolder(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if (environment.PAY_CONFIG_DIR) {
    return resolve(environment.PAY_CONFIG_DIR);
  }
  const { default: envPaths } = await import('env-paths');
  return envPaths('pay', { suffix: '' }).config;
}
