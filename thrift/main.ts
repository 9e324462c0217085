import { endSignal, runPayTime } from './command.js';
import { failWithoutHelp } from './unwritten-help.js';

/** `pay-time` with the arguments, streams and signals of a process. */
export async function runProcess(process: NodeJS.Process): Promise<void> {
  failWithoutHelp(process);
  const { stdout, stderr } = process;
  process.exitCode = await runPayTime(process.argv.slice(2), { stdout, stderr, ended: endSignal() });
}
