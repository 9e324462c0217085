import type { Api } from './api/api.js';
import type { CommandLine } from './command-line.js';
import type { Account } from './settings/account.js';
import type { Config } from './settings/config-file.js';
import type { Credentials } from './settings/credentials.js';
import type { JqFilter } from './terminal/jq.js';
import type { Prompts } from './terminal/prompts/prompts.js';
import type { Screen } from './terminal/screen.js';

/** The flags that every command takes. */
export interface GlobalFlags {
  readonly server?: string;
  readonly profile?: string;
  readonly fingerprint?: string;
  readonly json?: boolean;
  readonly fields?: string;
  readonly jq?: string;
  readonly debug?: boolean;
}

/** What the process is given: all that a test replaces to run a command without one. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly now: () => Date;
  /** Aborted by Ctrl-C and by the wish to end the process. */
  readonly signal: AbortSignal;
  /** From now on Ctrl-C calls this and no longer aborts the signal; what is given back undoes that. */
  takeInterrupts(onInterrupt: () => void): () => void;
}

/** Everything that a command may touch. */
export interface Context extends Surroundings {
  readonly commandLine: CommandLine;
  readonly flags: GlobalFlags;
  /** The folder of the command line's own files. */
  readonly folder: string;
  /** Whether stdout takes JSON. */
  readonly isJson: boolean;
  /** What --jq makes of the JSON. */
  readonly filter: JqFilter | undefined;
  readonly locale: string | undefined;
  readonly prompts: Prompts;
  readonly credentials: Credentials;
  config(): Promise<Config>;
  /** The server and the profile that this command is about. */
  account(): Promise<Account>;
  /** The token of the session. @throws Failure (not-logged-in) */
  token(): Promise<string>;
  api(): Promise<Api>;
  /** Talk for people, on stderr; nothing with --json. */
  say(text: string): Promise<void>;
}
