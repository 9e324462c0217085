import type { CommandLine, Context, Runtime } from '../context.js';
import { makeContext } from '../make-context.js';
import type { AccountFlags } from './account-flags.js';
import { type Cache, openCache } from './cache.js';
import { ownerOf } from './owner.js';

export interface CompletionParts {
  readonly runtime: Runtime;
  readonly commandLine: CommandLine;
}

export interface OpenAccount {
  readonly context: Context;
  /** Undefined where nobody is logged in. */
  readonly cache: Cache | undefined;
  readonly close: () => Promise<void>;
}

/** The same runtime, in which nobody is asked, and nothing is said. */
function silent(runtime: Runtime): Runtime {
  const { stderr } = runtime;
  return { ...runtime, stderr: { ...stderr, isTerminal: false, write: async () => undefined } };
}

/** The account that these flags mean, with what is kept for it. @throws Failure */
export async function openAccount(
  { runtime, commandLine }: CompletionParts,
  flags: AccountFlags,
): Promise<OpenAccount> {
  const { context, close } = await makeContext(silent(runtime), flags, {
    keepsConnection: false,
    commandLine,
    shared: undefined,
  });
  const owner = await ownerOf(context);
  return { context, close, cache: owner && openCache(context.folder, owner) };
}
