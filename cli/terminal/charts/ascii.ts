import type { Command } from 'commander';
import type { Context } from '../../context.js';

export interface AsciiOptions {
  readonly ascii?: true;
}

/** The flag of what is drawn. */
export const addAsciiFlag = (command: Command): Command =>
  command.option('--ascii', 'draw with plain ASCII; so it is where TERM is dumb');

/** Whether a drawing may hold nothing but ASCII. */
export const isPlainAscii = ({ environment }: Pick<Context, 'environment'>, { ascii }: AsciiOptions) =>
  ascii === true || environment.TERM === 'dumb';
