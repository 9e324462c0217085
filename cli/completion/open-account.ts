import type { CommandLine, Context, Surroundings } from '../context.js';
import { makeContext } from '../make-context.js';
import type { AccountFlags } from './account-flags.js';
import { type Cache, openCache } from './cache.js';
import { ownerOf } from './owner.js';

export interface Around {
  readonly surroundings: Surroundings;
  readonly commandLine: CommandLine;
}

export interface OpenAccount {
  readonly context: Context;
  /** Undefined where nobody is logged in. */
  readonly cache: Cache | undefined;
  readonly close: () => Promise<void>;
}

/** Surroundings in which nobody is asked, and nothing is said. */
function silent(surroundings: Surroundings): Surroundings {
  const { stderr } = surroundings;
  return { ...surroundings, stderr: { ...stderr, isTerminal: false, write: async () => undefined } };
}

/** The account that these flags mean, with what is kept for it. @throws Failure */
export async function openAccount(
  { surroundings, commandLine }: Around,
  flags: AccountFlags,
): Promise<OpenAccount> {
  const { context, close } = await makeContext(silent(surroundings), flags, {
    keepsConnection: false,
    commandLine,
    kept: undefined,
  });
  const owner = await ownerOf(context);
  return { context, close, cache: owner && openCache(context.folder, owner) };
}
