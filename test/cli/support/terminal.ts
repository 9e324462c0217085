import { stripVTControlCharacters } from 'node:util';
import { spawn } from 'node-pty';
import { patienceMs, until } from '../../support/until.js';
import { payProgram } from './run-pay.js';
import { type ScreenView, screenOf } from './screen.js';

export interface TerminalRun {
  /** Resolves when the text stands on the screen, counted from the last thing waited for. */
  sees(text: string | RegExp): Promise<void>;
  type(text: string): void;
  /** What the terminal shows, as soon as it is so. */
  shows(isSo: (view: ScreenView) => boolean): Promise<ScreenView>;
  resize(columns: number): void;
  kill(signal: NodeJS.Signals): void;
  /** The exit status, once the command has ended. */
  readonly ended: Promise<number>;
  /** Everything written so far, without escape sequences. */
  text(): string;
  /** Everything written so far, as it came. */
  raw(): string;
}

/** Runs bin/pay, or another of the programs, in a pseudo-terminal. */
export function runInTerminal(
  words: readonly string[],
  environment: Record<string, string>,
  columns = 80,
  program = payProgram,
  rows = 40,
): TerminalRun {
  const terminal = spawn(process.execPath, [program, ...words], {
    cols: columns,
    rows,
    env: { TERM: 'xterm-256color', ...environment },
  });
  let written = '';
  let seenUpTo = 0;
  let look = () => {};
  terminal.onData((data) => {
    written += data;
    look();
  });
  const plain = () => stripVTControlCharacters(written);
  return {
    sees: (wanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          // A command that goes on waiting for an answer would keep the test from ending.
          terminal.kill();
          reject(new Error(`never saw ${wanted} in: ${plain()}`));
        }, patienceMs);
        look = () => {
          const rest = plain().slice(seenUpTo);
          const at = typeof wanted === 'string' ? rest.indexOf(wanted) : rest.search(wanted);
          if (at >= 0) {
            seenUpTo += at + 1;
            clearTimeout(timer);
            look = () => {};
            resolve();
          }
        };
        look();
      }),
    type: (text) => terminal.write(text),
    async shows(isSo) {
      let view = await screenOf(written, terminal.cols, rows);
      return until(
        () => `the screen that is waited for, but:\n${view.lines.join('\n')}`,
        async () => {
          view = await screenOf(written, terminal.cols, rows);
          return isSo(view) && view;
        },
      );
    },
    resize: (width) => terminal.resize(width, rows),
    kill: (signal) => terminal.kill(signal),
    ended: new Promise((resolve) => {
      terminal.onExit(({ exitCode }) => resolve(exitCode));
    }),
    text: plain,
    raw: () => written,
  };
}
