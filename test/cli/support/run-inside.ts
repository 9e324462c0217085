import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ColorSupportLevel } from 'chalk';
import { main } from '../../../cli/program/main.js';
import type { Screen } from '../../../cli/terminal/screen.js';
import { makePen } from '../../../cli/terminal/text/colours.js';
import { patienceMs } from '../../support/until.js';
import type { CannedServer } from './canned-server.js';
import { makeFolder, plainEnvironment, type Run } from './run-pay.js';

/** The time at which every command is run, unless its test says otherwise. */
export const fixedNow = new Date('2026-11-22T18:00:00.000Z');

export interface Manner {
  readonly isTerminal: boolean;
  readonly width?: number;
  readonly colours?: ColorSupportLevel;
  /** What stands on stdin. */
  readonly input?: string;
  /** What the environment has beside the usual. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether somebody sits there who can be asked; then what was asked is interrupted once it was seen. */
  readonly isAsked?: boolean;
  /** Interrupts the command once this was written; undefined lets it come to its end. */
  readonly until?: RegExp;
}

/** Where a command is sent, and the key that is known of it already. */
export type Met = Pick<CannedServer, 'url'> & { readonly fingerprint: string | undefined };

/** The environment of somebody who knows the key of the server already, with a token of theirs. */
export async function environmentFor({ url, fingerprint }: Met): Promise<Record<string, string>> {
  const folder = await makeFolder();
  const config = { profiles: {}, pins: fingerprint === undefined ? {} : { [url]: fingerprint } };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  return plainEnvironment(folder, { PAY_SERVER: url, PAY_TOKEN: 'canned' });
}

interface Watched {
  readonly screen: Screen;
  text(): string;
}

function watchedScreen(
  { isTerminal, width = 80, colours = 0 }: Manner,
  onText: (all: string) => void,
): Watched {
  let written = '';
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => {
    written += chunk.toString();
    onText(written);
  });
  Object.assign(stream, { isTTY: isTerminal, columns: width, rows: 40 });
  return {
    text: () => written,
    screen: {
      isTerminal,
      width,
      pen: makePen(colours),
      isGone: false,
      write: ({ text }) =>
        new Promise((resolve) => {
          stream.write(text, () => resolve());
        }),
      stream: stream as unknown as NodeJS.WriteStream,
    },
  };
}

/** Runs a command in this process, with the clock fixed, against a server whose answers are fixed. */
export async function runInside(words: readonly string[], server: Met, manner: Manner): Promise<Run> {
  const controller = new AbortController();
  const stop = (all: string) => {
    if (manner.until?.test(all)) {
      controller.abort();
    }
  };
  const timer = setTimeout(() => controller.abort(), patienceMs);
  const stdin = new PassThrough();
  if (!manner.isAsked) {
    stdin.end(manner.input ?? '');
  }
  const [stdout, stderr] = [watchedScreen(manner, stop), watchedScreen(manner, stop)];
  const status = await main(words, {
    calledAs: 'pay',
    environment: { ...(await environmentFor(server)), ...manner.environment },
    stdin: Object.assign(stdin, { isTTY: manner.isAsked === true }) as unknown as NodeJS.ReadStream,
    stdout: stdout.screen,
    stderr: stderr.screen,
    now: () => fixedNow,
    signal: controller.signal,
    takeInterrupts: () => () => {},
    // However slow the machine is, what is seen is the same.
    spinnerAfterMs: patienceMs,
  });
  clearTimeout(timer);
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}
