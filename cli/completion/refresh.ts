import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Runtime } from '../context.js';
import { packageFile } from '../package-file.js';
import { type AccountFlags, accountFlags, accountWords } from './account-flags.js';
import { keeping } from './cached-values.js';
import { askLiveValues, type LiveKind } from './live-values.js';
import { type CompletionParts, openAccount } from './open-account.js';

const patienceMs = 10_000;

/** The word with which the command line calls itself to look for values. */
export const refreshFlag = '--refresh';

/** Has a process of its own look for the values of a kind: nobody waits for it. */
export function refreshApart(kind: LiveKind, flags: AccountFlags, { environment }: Runtime): void {
  const words = ['complete', refreshFlag, kind, ...accountWords(flags)];
  const child = spawn(process.execPath, [fileURLToPath(packageFile('bin/pay')), ...words], {
    detached: true,
    stdio: 'ignore',
    env: environment,
  });
  child.on('error', () => undefined);
  child.unref();
}

/** Looks for the values of a kind and keeps them for the next completion. @throws Failure */
export async function refresh(
  [kind, ...flags]: readonly string[],
  { runtime, commandLine }: CompletionParts,
): Promise<void> {
  const signal = AbortSignal.any([runtime.signal, AbortSignal.timeout(patienceMs)]);
  const { context, cache, close } = await openAccount(
    { runtime: { ...runtime, signal }, commandLine },
    accountFlags(flags),
  );
  if (cache) {
    await keeping(askLiveValues(context), { cache, now: context.now })(kind as LiveKind);
  }
  await close();
}
