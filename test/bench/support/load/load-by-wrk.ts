import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Load, LoadResult, LoadTools } from './load.js';
import { writePeople } from './person.js';
import { readWrkResult } from './wrk-result.js';
import { scriptFiles, wrkScript } from './wrk-script.js';

/** Whether wrk is installed; it says its version with the status of a failure. */
export const hasWrk = spawnSync('wrk', ['--version']).error === undefined;

export async function loadByWrk(tools: LoadTools, load: Load): Promise<LoadResult> {
  const folder = await mkdtemp(join(tools.folder, 'wrk-'));
  const files = scriptFiles(folder);
  const script = join(folder, 'load.lua');
  const { posted, senders, connections, seconds } = load;
  writePeople(files.senders, senders);
  if (posted && 'payTo' in posted) {
    writePeople(files.receivers, posted.payTo);
  }
  if (posted && 'texts' in posted) {
    writeFileSync(files.texts, posted.texts.map((text) => `${text}\n`).join(''));
  }
  writeFileSync(script, wrkScript(load, files, tools.nextPayment));
  const words = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '20s', '-s', script, load.url];
  const { stdout } = await execa('wrk', words, { timeout: (seconds + 30) * 1000, stdin: 'ignore' });
  await rm(folder, { recursive: true });
  const { nextPayment, ...result } = readWrkResult(stdout);
  tools.nextPayment = nextPayment;
  return result;
}
