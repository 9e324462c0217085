import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import xterm from '@xterm/headless';
import { spawn } from 'node-pty';
import { until } from '../../../support/until.js';
import { payProgram } from '../../support/run-pay.js';

export type ShellName = 'bash' | 'zsh' | 'fish';

export interface InteractiveShell {
  type(text: string): void;
  /** Resolves with what stands on the screen, once it fits. */
  shows(wanted: RegExp): Promise<string>;
  /** What stands on the screen, line by line. */
  screen(): string;
  /** Takes the line back, for a new one. */
  drop(): Promise<void>;
  end(): Promise<void>;
}

const begin: Readonly<Record<ShellName, { readonly words: readonly string[]; readonly lines: string }>> = {
  bash: { words: ['--norc', '--noprofile', '-i'], lines: "PS1='ready> '\rsource <(pay completion bash)\r" },
  zsh: {
    words: ['-f', '-i'],
    lines: "PS1='ready> '\rautoload -U compinit; compinit -u -D\rsource <(pay completion zsh)\r",
  },
  fish: {
    words: ['--no-config', '-i'],
    lines: "function fish_prompt; echo -n 'ready> '; end\rpay completion fish | source\r",
  },
};

/** A real shell at a real terminal, with the completion installed as the help says. */
export async function startShell(
  name: ShellName,
  environment: Readonly<Record<string, string>>,
  folder: string,
): Promise<InteractiveShell> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await symlink(payProgram, join(bin, 'pay')).catch(() => undefined);
  const terminal = spawn(name, [...begin[name].words], {
    cols: 160,
    rows: 50,
    cwd: folder,
    env: {
      ...environment,
      TERM: 'xterm-256color',
      HOME: folder,
      PATH: `${bin}${delimiter}${environment.PATH ?? ''}`,
    },
  });
  const display = new xterm.Terminal({ cols: 160, rows: 50, allowProposedApi: true });
  const ended = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  terminal.onData((data) => display.write(data));
  // What the terminal is asked, such as its kind, it answers: fish waits for that.
  display.onData((data) => terminal.write(data));
  const screen = () => {
    const { active } = display.buffer;
    return [...Array(display.rows).keys()]
      .map((row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd();
  };
  const shows = async (wanted: RegExp) => {
    await until(
      () => `${wanted} on the screen of ${name}, but:\n${screen()}`,
      () => wanted.test(screen()),
    );
    return screen();
  };
  const shell: InteractiveShell = {
    type: (text) => terminal.write(text),
    shows,
    screen,
    async drop() {
      terminal.write('\u0015');
      terminal.write('clear\r');
      await shows(/^ready> *$/);
    },
    async end() {
      terminal.kill('SIGKILL');
      await ended;
      display.dispose();
    },
  };
  try {
    terminal.write(`${begin[name].lines}echo installed ''\r`);
    await shows(/^installed[\s\S]*ready>$/m);
    await shell.drop();
    return shell;
  } catch (error) {
    await shell.end();
    throw error;
  }
}
