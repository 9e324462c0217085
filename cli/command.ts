import type { Command } from 'commander';
import type { Context } from './context.js';

/** What a command does, once its words are sorted into operands and options. */
export type Run<Options> = (
  context: Context,
  operands: readonly (string | undefined)[],
  options: Options,
) => Promise<void>;

/** Turns a Run into what commander calls: makes the context from the flags and leaves errors to main. */
export type Start = <Options extends object>(run: Run<Options>) => (...words: unknown[]) => Promise<void>;

/** What each file of commands/ exports: its operands, options and examples, and what it does. */
export interface CommandModule {
  define(command: Command, start: Start): void;
}
