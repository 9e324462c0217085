import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ServerProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a Node program in a process of its own and waits for its line `… ready https://…`. */
export async function startProcess(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ServerProcess> {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (!child.stdout) {
    throw new Error('The process has no stdout.');
  }
  const lines = createInterface({ input: child.stdout });
  const ready = (async () => {
    for await (const line of lines) {
      const url = / ready (https:\S+)/.exec(line)?.[1];
      if (url) {
        return url;
      }
    }
    throw new Error(`${program} ended before it was ready.`);
  })();
  return {
    url: await ready,
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
