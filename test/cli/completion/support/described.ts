import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { runtimeOf } from '../../../../cli/program/process.js';
import { makeProgram } from '../../../../cli/program/program.js';

/** The program as it is for these words, with their command defined whole. */
export async function describedFor(words: readonly string[], calledAs = 'pay'): Promise<Command> {
  const stream = () => new PassThrough() as unknown as NodeJS.WriteStream;
  const process = {
    env: {},
    stdin: stream(),
    stdout: stream(),
    stderr: stream(),
    once: () => undefined,
  } as unknown as NodeJS.Process;
  const runtime = runtimeOf(process, calledAs);
  const commandLine = {
    attempt: () => Promise.reject(new Error('nothing is run here')),
    describe: (others: readonly string[]) => describedFor(others, calledAs),
  };
  const { program } = await makeProgram(words, runtime, {
    commandLine,
    shared: undefined,
    print: () => {},
  });
  return program;
}
