import type { Command } from 'commander';
import type { ApiSource } from './api/api.js';
import type { Failure } from './failure/failure.js';
import type { Account } from './settings/account.js';
import type { Config } from './settings/config-file.js';
import type { Credentials } from './settings/credentials.js';
import type { SharedResources } from './shared-resources.js';
import type { Input } from './terminal/input.js';
import type { Output } from './terminal/output.js';
import type { Prompts } from './terminal/prompts/prompts.js';
import type { Screen } from './terminal/screen.js';

/** The flags that every command takes. */
export interface GlobalFlags {
  readonly server?: string;
  readonly profile?: string;
  readonly fingerprint?: string;
  readonly code?: string;
  readonly json?: boolean;
  readonly fields?: string;
  readonly jq?: string;
  readonly debug?: boolean;
  /** False where no colours are wanted. */
  readonly color?: boolean;
}

/** The streams, the environment and the clock of the process: all that a test replaces to run a command without one. */
export interface Runtime {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the program is called where this is typed: `pay`, or the way to it where it is not on the PATH. */
  readonly calledAs: string;
  readonly stdin: Input;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly now: () => Date;
  /** Aborted by Ctrl-C and by a request to end the process. */
  readonly signal: AbortSignal;
  /** From now on Ctrl-C calls this and no longer aborts the signal; what is given back undoes that. */
  takeInterrupts(onInterrupt: () => void): () => void;
  /** How long one waits for the server before a spinner says so, in milliseconds; 300 unless given. */
  readonly spinnerAfterMs?: number;
}

/** The command line itself, for commands that run or describe others. */
export interface CommandLine {
  /** Runs one command line (without "pay") and gives how it failed, if it did, for the caller to tell. */
  attempt(words: readonly string[], runtime: Runtime, shared?: SharedResources): Promise<Failure | undefined>;
  /** The program with every command named, and the one that the words call defined whole. */
  describe(words: readonly string[]): Promise<Command>;
}

/** Everything that a command may touch. */
export interface Context extends Runtime, Output, ApiSource {
  readonly commandLine: CommandLine;
  readonly flags: GlobalFlags;
  /** The folder of the command line's own files. */
  readonly folder: string;
  readonly prompts: Prompts;
  readonly credentials: Credentials;
  config(): Promise<Config>;
  /** The server and the profile that this command is about. */
  account(): Promise<Account>;
  /** The token of the session. @throws Failure (not-logged-in; usage where several could be meant) */
  token(): Promise<string>;
}
