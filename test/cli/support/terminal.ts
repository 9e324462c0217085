import { stripVTControlCharacters } from 'node:util';
import { spawn } from 'node-pty';
import { payProgram } from './run-pay.js';

export interface TerminalRun {
  /** Resolves when the text stands on the screen, counted from the last thing waited for. */
  sees(text: string | RegExp): Promise<void>;
  type(text: string): void;
  /** The exit status, once the command has ended. */
  readonly ended: Promise<number>;
  /** Everything written so far, without escape sequences. */
  text(): string;
  /** Everything written so far, as it came. */
  raw(): string;
}

const patienceMs = 30_000;

/** Runs bin/pay, or another of the programs, in a pseudo-terminal. */
export function runInTerminal(
  words: readonly string[],
  environment: Record<string, string>,
  columns = 80,
  program = payProgram,
): TerminalRun {
  const terminal = spawn(process.execPath, [program, ...words], {
    cols: columns,
    rows: 40,
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
    ended: new Promise((resolve) => {
      terminal.onExit(({ exitCode }) => resolve(exitCode));
    }),
    text: plain,
    raw: () => written,
  };
}
