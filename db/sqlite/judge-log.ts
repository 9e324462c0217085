import type { LogFindings } from './scan-log.js';
import { endMark, isInUse, nextMark, type UseMark } from './use-mark.js';

/** A log as it is found beside its database. */
export type FoundLog =
  | { readonly state: 'missing' | 'headless' }
  | {
      readonly state: 'read';
      readonly pageBytes: number;
      readonly findings: LogFindings;
      /** The frames that were on the disk once, as the index of this log says; 0 where none says anything. */
      readonly synced: number;
    };

/** The fault of a log that lost something, and whether what SQLite reads of it continues the database all the same. */
export interface LostLog {
  readonly what: string;
  readonly isContinuing: boolean;
}

function judgeUsed(log: FoundLog & { state: 'read' }, mark: UseMark): string | undefined {
  const { findings } = log;
  // A server that was killed while it ended in order leaves nothing but the mark of the end.
  const isEnd = findings.firstVersion === endMark(mark);
  if (findings.frames === 0) {
    return findings.isBegunAnew ? undefined : 'is empty: it holds no whole transaction';
  }
  return findings.hasVersion || isEnd
    ? undefined
    : 'belongs to another database, or to this one as it once was';
}

/** After a clean end there is nothing to lose, but a log of something else would be written over the database. */
function judgeUnused(log: FoundLog & { state: 'read' }, mark: UseMark): string | undefined {
  const { firstVersion, hasVersion, frames } = log.findings;
  const isOfItsOwn = hasVersion || firstVersion === undefined || firstVersion === nextMark(mark);
  return frames === 0 || isOfItsOwn
    ? undefined
    : 'belongs to another database, or to this one as it once was: this one was ended in order and needs none';
}

/** The fault of the log of a database with this mark; undefined where nothing that was committed is missing. */
export function judgeLog(
  log: FoundLog,
  { mark, pageBytes }: { readonly mark: UseMark; readonly pageBytes: number },
): LostLog | undefined {
  if (log.state !== 'read') {
    const what = log.state === 'missing' ? 'is not there' : 'is empty or does not begin as a log does';
    return isInUse(mark) ? { what, isContinuing: false } : undefined;
  }
  const { damagedFrame } = log.findings;
  const foreign = isInUse(mark) ? judgeUsed(log, mark) : judgeUnused(log, mark);
  if (damagedFrame !== undefined) {
    return {
      what: `is damaged in its frame ${damagedFrame + 1}, before transactions that are whole`,
      isContinuing: foreign === undefined,
    };
  }
  const what = log.pageBytes === pageBytes ? foreign : 'has pages of another size: it is of another database';
  if (what === undefined && log.findings.frames < log.synced) {
    const left = `${log.findings.frames} of the ${log.synced} frames that were on the disk are left`;
    return { what: `lacks its end: ${left}`, isContinuing: true };
  }
  return what === undefined ? undefined : { what, isContinuing: false };
}
