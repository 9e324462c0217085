import type { Command } from 'commander';
import type { Surroundings } from './context.js';
import type { Failure } from './failure.js';
import type { Kept } from './kept.js';

/** The command line itself, for commands that run or describe others. */
export interface CommandLine {
  /** Runs one command line (without "pay") and gives how it failed, if it did, for the caller to tell. */
  attempt(words: readonly string[], surroundings: Surroundings, kept?: Kept): Promise<Failure | undefined>;
  /** The program with every command named, and the one that the words call defined whole. */
  describe(words: readonly string[]): Promise<Command>;
}
