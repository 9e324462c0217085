import { type FileHandle, open } from 'node:fs/promises';
import { openWriter } from '../connect.js';
import { readLog } from '../sqlite/inspect-log.js';
import type { FoundLog } from '../sqlite/judge-log.js';
import { frameHeaderBytes, logHeaderBytes } from '../sqlite/scan-log.js';
import type { UseMark } from '../sqlite/use-mark.js';
import { guardLog } from './guard-log.js';
import { leaveLogAlone } from './log-steps.js';

/** Whether a log holds what a torn commit has left behind those that are whole. */
export const hasRemains = (log: FoundLog): boolean =>
  log.state === 'read' && log.findings.frames > 0 && log.findings.hasRemains;

async function cut(handle: FileHandle, log: FoundLog): Promise<void> {
  if (log.state === 'read' && hasRemains(log)) {
    await handle.truncate(logHeaderBytes + log.findings.frames * (frameHeaderBytes + log.pageBytes));
    await handle.sync();
  }
}

/**
 * Cuts off what a torn commit has left in the log of a database with this mark. What is written over it only in part, to be torn in turn,
 * would look like a damage before a commit that is whole. Nobody writes meanwhile.
 */
export async function cutRemains(file: string, mark: UseMark): Promise<void> {
  const guard = await guardLog(file);
  const writer = openWriter(file);
  try {
    await leaveLogAlone(writer);
    await writer.transaction(async () => {
      const handle = await open(`${file}-wal`, 'r+');
      try {
        await cut(handle, await readLog(file, mark));
      } finally {
        await handle.close();
      }
    });
  } finally {
    await writer.destroy();
    await guard.release();
  }
}
