import type { Command } from 'commander';
import type { Context } from './context.js';
import type { JsonShape } from './terminal/json-shape.js';
import type { Prompts } from './terminal/prompts/prompts.js';

/** The work of a command, once its words are sorted into operands and options. */
export type Run<Options> = (
  context: Context,
  operands: readonly (string | undefined)[],
  options: Options,
) => Promise<void>;

/** The shape of the JSON that a command writes, by its options and by who reads it where these decide. */
export type Answer<Options> = JsonShape | ((options: Options, prompts: Prompts) => JsonShape);

/**
 * Turns a Run into what commander calls: makes the context from the flags and leaves errors to main. What changes something says
 * the shape of its answer, so that --fields is refused before rather than after it; what only looks may leave that to what it finds.
 */
export type Start = <Options extends object>(
  run: Run<Options>,
  answer?: Answer<Options>,
) => (...words: unknown[]) => Promise<void>;

/** The file of a command, as it exports it: `define` adds operands, options, examples and the work to the command. */
export interface CommandModule {
  define(command: Command, start: Start): void;
}
