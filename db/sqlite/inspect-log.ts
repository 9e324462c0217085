import { type FileHandle, open } from 'node:fs/promises';
import { DatabaseProblem } from '../files/database-problem.js';
import { type FoundLog, judgeLog, type LostLog } from './judge-log.js';
import { frameHeaderBytes, logHeaderBytes, readLogHeader, scanLog } from './scan-log.js';
import { isInUse, type UseMark } from './use-mark.js';

/** The facts of a database's header that its log has to fit. */
export interface LogFacts {
  readonly mark: UseMark;
  readonly pageBytes: number;
}

const chunkBytes = 1024 * 1024;

async function readFully(handle: FileHandle, buffer: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) {
      break;
    }
    filled += bytesRead;
  }
  return filled;
}

/** Scans the log a part at a time, however long it is. */
async function scanFile(handle: FileHandle, mark: UseMark): Promise<FoundLog> {
  const head = Buffer.alloc(logHeaderBytes);
  const header = readLogHeader(head.subarray(0, await readFully(handle, head, 0)));
  if (header === undefined) {
    return { state: 'headless' };
  }
  const scan = scanLog(header, mark);
  const frameBytes = frameHeaderBytes + header.pageBytes;
  const chunk = Buffer.alloc(Math.max(1, Math.floor(chunkBytes / frameBytes)) * frameBytes);
  for (let position = logHeaderBytes; ; position += chunk.length) {
    const filled = await readFully(handle, chunk, position);
    for (let offset = 0; offset + frameBytes <= filled; offset += frameBytes) {
      scan.frame(chunk.subarray(offset, offset + frameBytes));
    }
    if (filled < chunk.length) {
      return { state: 'read', pageBytes: header.pageBytes, findings: scan.findings() };
    }
  }
}

/** Reads the log beside a database that names this mark. */
export async function readLog(file: string, mark: UseMark): Promise<FoundLog> {
  let handle: FileHandle;
  try {
    handle = await open(`${file}-wal`, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { state: 'missing' };
    }
    throw error;
  }
  try {
    return await scanFile(handle, mark);
  } finally {
    await handle.close();
  }
}

/** The fault of the log beside a database on which no server runs; undefined where it is as the database needs it. */
export async function findLostLog(file: string, facts: LogFacts): Promise<LostLog | undefined> {
  return judgeLog(await readLog(file, facts.mark), facts);
}

const lostLogProblem = (file: string, { what }: LostLog, { mark }: LogFacts) =>
  new DatabaseProblem(
    `The log ${file}-wal ${what}. ${isInUse(mark) ? `The server on ${file} was not ended in order, so the newest payments may be in that log only. ` : ''}` +
      'Nothing was changed. Put the log back that was beside the database, or restore a backup into another data folder. ' +
      `Whoever has neither and accepts the loss runs pay-server accept-lost-log --database-url ${file}, which goes on without what is missing and keeps a record.`,
  );

/**
 * Throws DatabaseProblem, which says the ways out, where the log of a database on which no server runs is not what it needs. Gives
 * the log as it was found.
 */
export async function refuseLostLog(file: string, facts: LogFacts): Promise<FoundLog> {
  const log = await readLog(file, facts.mark);
  const lost = judgeLog(log, facts);
  if (lost !== undefined) {
    throw lostLogProblem(file, lost, facts);
  }
  return log;
}

const pauseMs = 100;
const mostLooks = 4;

/**
 * Refuses a lost log where a server may be running, which begins its log anew now and then: what is wrong for a moment only
 * is nothing. `readFacts` looks at the database again each time.
 */
export async function refuseLostLogBeside(file: string, readFacts: () => Promise<LogFacts>): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const facts = await readFacts();
    const lost = await findLostLog(file, facts);
    if (lost === undefined) {
      return;
    }
    if (looks === mostLooks) {
      throw lostLogProblem(file, lost, facts);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
