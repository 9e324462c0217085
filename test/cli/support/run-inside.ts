import { PassThrough } from 'node:stream';
import { Chalk, type ColorSupportLevel } from 'chalk';
import { main } from '../../../cli/main.js';
import type { Screen } from '../../../cli/screen.js';
import type { CannedServer } from './canned-server.js';
import { makeFolder, type Run } from './run-pay.js';

/** When every command is run, unless its test says otherwise. */
export const fixedNow = new Date('2026-11-22T18:00:00.000Z');

export interface Manner {
  readonly isTerminal: boolean;
  readonly width?: number;
  readonly colours?: ColorSupportLevel;
  /** What stands on stdin. */
  readonly input?: string;
  /** Whether somebody sits there who can be asked; then what was asked is interrupted once it was seen. */
  readonly isAsked?: boolean;
  /** Interrupts the command once this was written; undefined lets it come to its end. */
  readonly until?: RegExp;
  readonly configFolder?: string;
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
      pen: new Chalk({ level: colours }),
      isGone: false,
      write: (text) =>
        new Promise((resolve) => {
          stream.write(text, () => resolve());
        }),
      stream: stream as unknown as NodeJS.WriteStream,
    },
  };
}

/** Runs a command in this process, with the clock fixed, against a server whose answers are fixed. */
export async function runInside(
  words: readonly string[],
  server: CannedServer,
  manner: Manner,
): Promise<Run> {
  const controller = new AbortController();
  const stop = (all: string) => {
    if (manner.until?.test(all)) {
      controller.abort();
    }
  };
  const stdin = new PassThrough();
  if (!manner.isAsked) {
    stdin.end(manner.input ?? '');
  }
  const [stdout, stderr] = [watchedScreen(manner, stop), watchedScreen(manner, stop)];
  const status = await main([...words, '--fingerprint', server.fingerprint], {
    environment: {
      PAY_CONFIG_DIR: manner.configFolder ?? (await makeFolder()),
      PAY_KEYCHAIN: 'off',
      PAY_SERVER: server.url,
      LANG: 'en_GB.UTF-8',
      ...(manner.configFolder === undefined && { PAY_TOKEN: 'canned' }),
    },
    stdin: Object.assign(stdin, { isTTY: manner.isAsked === true }) as unknown as NodeJS.ReadStream,
    stdout: stdout.screen,
    stderr: stderr.screen,
    now: () => fixedNow,
    signal: controller.signal,
    takeInterrupts: () => () => {},
  });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}
