import { type FileHandle, open } from 'node:fs/promises';
import { DatabaseProblem } from '../files/database-problem.js';
import { type FoundLog, judgeLog, type LostLog } from './judge-log.js';
import { indexBytes, type LogIndex, readIndex } from './log-index.js';
import { frameHeaderBytes, type LogHeader, logHeaderBytes, readLogHeader, scanLog } from './scan-log.js';
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

/** The frames of the log with this header that its index vouches for. */
const syncedOf = ({ salts }: LogHeader, index: LogIndex | undefined): number =>
  index?.salts.every((salt, place) => salt === salts[place]) ? index.frames : 0;

/** Scans the log a part at a time, however long it is. */
async function scanFile(handle: FileHandle, mark: UseMark, index: LogIndex | undefined): Promise<FoundLog> {
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
      const { pageBytes } = header;
      return { state: 'read', pageBytes, findings: scan.findings(), synced: syncedOf(header, index) };
    }
  }
}

/** Why a file beside the database cannot be read; an error that is none of the system's as it is. */
function unreadable(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) {
    return error;
  }
  const advice =
    code === 'EACCES' || code === 'EPERM'
      ? 'Give this user read permission on it'
      : 'Look whether the disk is well, then try again';
  return new DatabaseProblem(`${path} cannot be read (${code}). Nothing was changed. ${advice}.`, {
    cause: error,
  });
}

/** Reads a file beside the database; undefined where there is none. Throws DatabaseProblem where it cannot be read. */
async function readIfThere<Result>(
  path: string,
  read: (handle: FileHandle) => Promise<Result>,
): Promise<Result | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    return await read(handle);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw unreadable(path, error);
  } finally {
    await handle?.close();
  }
}

/** Reads the log beside a database that names this mark. Throws DatabaseProblem where it cannot be read. */
export async function readLog(file: string, mark: UseMark, index?: LogIndex): Promise<FoundLog> {
  const log = await readIfThere(`${file}-wal`, async (handle) => {
    // Whoever reads the log by SQLite next writes an index of what it finds, which has to be on the disk before.
    await handle.datasync();
    return scanFile(handle, mark, index);
  });
  return log ?? { state: 'missing' };
}

/** The bytes of the log's index that change with each commit and whenever the log is begun anew; none where there is no index. */
async function readIndexBytes(file: string): Promise<Buffer> {
  const bytes = Buffer.alloc(indexBytes);
  const filled = await readIfThere(`${file}-shm`, (handle) => readFully(handle, bytes, 0));
  return bytes.subarray(0, filled ?? 0);
}

/**
 * Reads the log, after its index, which may grow meanwhile. The process must not have the database open: the system drops all locks
 * that it has on the index when it closes that once.
 */
async function readLogByIndex(file: string, mark: UseMark): Promise<FoundLog> {
  const index = readIndex(await readIndexBytes(file));
  return readLog(file, mark, index);
}

/** The fault of the log beside a database that this process does not have open; undefined where it is as the database needs it. */
export async function findLostLog(file: string, facts: LogFacts): Promise<LostLog | undefined> {
  return judgeLog(await readLogByIndex(file, facts.mark), facts);
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
  const log = await readLogByIndex(file, facts.mark);
  const lost = judgeLog(log, facts);
  if (lost !== undefined) {
    throw lostLogProblem(file, lost, facts);
  }
  return log;
}

const pauseMs = 100;
const mostLooks = 4;

/**
 * Refuses a lost log where a server may be running. What is read of a log that is written meanwhile fits together by chance only, and
 * where little time is left to whoever reads, each look finds one that was begun anew: a log that is written needs no look, since whoever
 * writes has it open. What is wrong for a moment only is nothing either. `readFacts` looks at the database again each time.
 */
export async function refuseLostLogBeside(file: string, readFacts: () => Promise<LogFacts>): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const index = await readIndexBytes(file);
    const facts = await readFacts();
    const lost = judgeLog(await readLog(file, facts.mark, readIndex(index)), facts);
    if (lost === undefined || !index.equals(await readIndexBytes(file))) {
      return;
    }
    if (looks === mostLooks) {
      throw lostLogProblem(file, lost, facts);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
