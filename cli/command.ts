import type { Command } from 'commander';
import type { Context } from './context.js';

/** The work of a command, once its words are sorted into operands and options. */
export type Run<Options> = (
  context: Context,
  operands: readonly (string | undefined)[],
  options: Options,
) => Promise<void>;

/** Turns a Run into what commander calls: makes the context from the flags and leaves errors to main. */
export type Start = <Options extends object>(run: Run<Options>) => (...words: unknown[]) => Promise<void>;

/** The file of a command, as it exports it: `define` adds operands, options, examples and the work to the command. */
export interface CommandModule {
  define(command: Command, start: Start): void;
}
