import { execa } from 'execa';
import { patienceMs } from '../../support/until.js';
import type { Person } from './person.js';
import { payProgram } from './run-pay.js';

export interface Watched {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Watcher {
  /** Resolves when this has been said on stderr. */
  says(text: string): Promise<void>;
  /** Resolves with the first events, once there are so many. */
  sees(count: number): Promise<readonly Watched[]>;
  /** The exit status of a watch that ends by itself. */
  ends(): Promise<number | undefined>;
  /** Presses Ctrl-C, and gives the exit status and all there was to see. */
  interrupt(): Promise<{ readonly status: number | undefined; readonly events: readonly Watched[] }>;
}

/** `pay watch` in a process of its own; resolves once it watches. Its stdout is JSON, and what it says is not. */
export async function startWatching(person: Person, ...words: string[]): Promise<Watcher> {
  // --debug is what says on stderr, with --json, too, that the stream has begun.
  const running = execa(process.execPath, [payProgram, 'watch', '--json', '--debug', ...words], {
    env: person.environment,
    extendEnv: false,
    reject: false,
    buffer: false,
  });
  let [out, said] = ['', ''];
  const looks = new Set<() => void>();
  const lookAgain = () => {
    for (const look of looks) {
      look();
    }
  };
  running.stdout.on('data', (chunk: Buffer) => {
    out += String(chunk);
    lookAgain();
  });
  running.stderr.on('data', (chunk: Buffer) => {
    said += String(chunk);
    lookAgain();
  });
  const events = () =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Watched);

  function untilSo(isSo: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${what}; there is: ${out}\nit said: ${said}`)),
        patienceMs,
      );
      const look = () => {
        if (isSo()) {
          clearTimeout(timer);
          looks.delete(look);
          resolve();
        }
      };
      looks.add(look);
      look();
    });
  }

  const watcher: Watcher = {
    says: (text) => untilSo(() => said.includes(text), `never said ${text}`),
    async sees(count) {
      await untilSo(() => events().length >= count, `never saw ${count} events`);
      return events();
    },
    async ends() {
      return (await running).exitCode;
    },
    async interrupt() {
      running.kill('SIGINT');
      const { exitCode } = await running;
      return { status: exitCode, events: events() };
    },
  };
  await watcher.says('< content-type: text/event-stream');
  return watcher;
}
