import { PassThrough } from 'node:stream';
import { main } from '../../../cli/program/main.js';
import { makeScreen } from '../../../cli/terminal/screen.js';
import type { Environment, Run } from './run-pay.js';

interface Written {
  readonly stream: NodeJS.WriteStream;
  text(): string;
}

/** A pipe that remembers what was written to it. */
function makePipe(): Written {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
}

/**
 * Runs the command line in this process, as `bin/pay` does in one of its own, without a terminal and with the real clock: for what a
 * command says and does. What a process is (streams, signals, its end) is proven by those that run `bin/pay`. The time zone is that of
 * this process, and no command may be killed or hold a lock against another of the same person.
 */
export async function runPayInside(
  words: readonly string[],
  environment: Environment,
  input = '',
): Promise<Run> {
  const [stdin, stdout, stderr] = [new PassThrough(), makePipe(), makePipe()];
  stdin.end(input);
  const status = await main(words, {
    environment,
    calledAs: 'pay',
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: makeScreen(stdout.stream, environment),
    stderr: makeScreen(stderr.stream, environment),
    now: () => new Date(),
    signal: new AbortController().signal,
    takeInterrupts: () => () => {},
  });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}
