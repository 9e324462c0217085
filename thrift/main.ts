import { endSignal, runPayTime } from './command.js';
import { makeServiceManager, makeTell } from './service-manager.js';
import { failWithoutHelp } from './unwritten-help.js';

/** `pay-time` with the arguments, streams and signals of a process. */
export async function runProcess(process: NodeJS.Process): Promise<void> {
  failWithoutHelp(process);
  const { stdout, stderr, env: environment } = process;
  const tell = makeTell((problem) => stderr.write(`pay-time: ${problem}\n`));
  const manager = makeServiceManager({ environment, tell });
  process.exitCode = await runPayTime(process.argv.slice(2), { stdout, stderr, ended: endSignal(), manager });
}
