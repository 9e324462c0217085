import type { Command } from 'commander';
import type { RunningServer } from '../../compose/start-server.js';
import type { Environment } from '../../settings.js';
import type { LogStream } from '../process/logger.js';

/** The parts of their process that the commands touch. */
export interface ServerCommandContext {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: {
    write(text: string): unknown;
    /** The width of the terminal; undefined where it is none. */
    readonly columns?: number | undefined;
    on?(event: 'error', listener: () => void): unknown;
  };
  readonly stderr: LogStream;
  readonly environment: Environment;
  /** How the program is typed where it was called; by its name where that is not known. */
  readonly calledAs?: string;
  /** From the call on, a signal to end is not the end: it resolves this, and a second one ends the process at once. */
  readonly stopAsked: () => Promise<void>;
  /** From the call on, a SIGHUP is not the end but calls this. */
  readonly onHangUp?: (reload: () => void) => void;
  /** Puts the process so many steps behind others, for what nobody waits for. */
  readonly stepBack?: (steps: number) => void;
  /** Told once, when payments can be taken. */
  readonly onReady?: (server: RunningServer) => void;
}

/** The program that a command adds itself to, with what it runs in. */
export interface ServerProgram {
  readonly program: Command;
  readonly context: ServerCommandContext;
  /** What makes of a text one whose commands can be typed where the program was called. */
  readonly typed: (text: string) => string;
  /** The action of a command: what `work` gives is the exit status of the process. */
  act<Given extends unknown[]>(
    work: (...given: Given) => Promise<number>,
  ): (...given: Given) => Promise<void>;
}
