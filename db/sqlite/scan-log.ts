import assert from 'node:assert';

// The bytes of a log's header; the format is that of https://www.sqlite.org/fileformat2.html#the_write_ahead_log.
export const logHeaderBytes = 32;
export const frameHeaderBytes = 24;
const bigEndianMagic = 0x377f0683;
const littleEndianMagic = 0x377f0682;
const knownVersion = 3_007_000;
/** The place of user_version in the header of a database, which is in its first page. */
export const userVersionOffset = 60;

type Checksum = readonly [number, number];

/** SQLite's checksum of a log, cumulative: `seed` is that of the bytes before. */
export function logChecksum(bytes: Uint8Array, isBigEndian: boolean, seed: Checksum): Checksum {
  assert(bytes.byteLength % 8 === 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [first, second] = seed;
  for (let offset = 0; offset < bytes.byteLength; offset += 8) {
    first = (first + view.getUint32(offset, !isBigEndian) + second) | 0;
    second = (second + view.getUint32(offset + 4, !isBigEndian) + first) | 0;
  }
  return [first >>> 0, second >>> 0];
}

export interface LogHeader {
  readonly isBigEndian: boolean;
  readonly pageBytes: number;
  readonly salts: readonly [number, number];
  readonly checksum: Checksum;
}

const isPageSize = (bytes: number) => bytes >= 512 && bytes <= 65_536 && (bytes & (bytes - 1)) === 0;

/** The header of a log; undefined where SQLite would take the log for empty because of it. */
export function readLogHeader(bytes: Buffer): LogHeader | undefined {
  if (bytes.length < logHeaderBytes) {
    return undefined;
  }
  const magic = bytes.readUInt32BE(0);
  const isBigEndian = magic === bigEndianMagic;
  const pageBytes = bytes.readUInt32BE(8);
  const checksum = logChecksum(bytes.subarray(0, 24), isBigEndian, [0, 0]);
  const isSound =
    (isBigEndian || magic === littleEndianMagic) &&
    bytes.readUInt32BE(4) === knownVersion &&
    isPageSize(pageBytes) &&
    checksum[0] === bytes.readUInt32BE(24) &&
    checksum[1] === bytes.readUInt32BE(28);
  const salts = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)] as const;
  return isSound ? { isBigEndian, pageBytes, salts, checksum } : undefined;
}

/** The findings of a log that begins as it should. */
export interface LogFindings {
  /** The frames up to the end of the last commit that SQLite would read. */
  readonly frames: number;
  /** Whether frames of this log stand behind those: of a transaction that was torn, or not committed. */
  readonly hasRemains: boolean;
  /** The first frame that is not sound although a commit that was begun later is; undefined where nothing is lost. */
  readonly damagedFrame: number | undefined;
  /** The user_version in the first copy of the database's first page that the commits hold. */
  readonly firstVersion: number | undefined;
  /** Whether any of the copies has the mark. */
  readonly hasVersion: boolean;
  /** Whether the log was begun anew over one that held the mark: what was in that is in the database already. */
  readonly isBegunAnew: boolean;
}

export interface LogScan {
  /** Takes the next frame, its header and its page. */
  frame(bytes: Buffer): void;
  findings(): LogFindings;
}

/**
 * Follows a log frame by frame. SQLite stops reading at the first frame that does not continue the chain of checksums, and says
 * nothing. Behind it, a frame is known to be sound by the checksum that its neighbour carries. A transaction that power loss
 * has torn may hold anything, but was the last: every commit is synced before the next is begun, and what a torn one has left is cut
 * off before anything is written over it (cut-log.ts). So a sound commit behind another end of a commit, behind an unsound frame,
 * shows that something was damaged afterwards.
 */
export function scanLog(header: LogHeader, mark: number): LogScan {
  const { isBigEndian, salts } = header;
  let stored = header.checksum;
  let place = 0;
  let lastOwn = -1;
  let brokenAt: number | undefined;
  let hasEndedSince = false;
  let isDamaged = false;
  let frames = 0;
  let firstVersion: number | undefined;
  let hasVersion = false;
  let pending: number[] = [];
  let isBegunAnew = false;

  const isSealed = (bytes: Buffer) => {
    const [first, second] = logChecksum(
      bytes.subarray(frameHeaderBytes),
      isBigEndian,
      logChecksum(bytes.subarray(0, 8), isBigEndian, stored),
    );
    return first === bytes.readUInt32BE(16) && second === bytes.readUInt32BE(20);
  };

  /** The versions of a transaction that was not committed say nothing. */
  function commit(): void {
    frames = place + 1;
    firstVersion ??= pending[0];
    hasVersion ||= pending.includes(mark);
    pending = [];
  }

  function readOn(bytes: Buffer, isCommit: boolean): void {
    if (bytes.readUInt32BE(0) === 1) {
      pending.push(bytes.readInt32BE(frameHeaderBytes + userVersionOffset));
    }
    if (isCommit) {
      commit();
    }
  }

  function lookBehind(bytes: Buffer, isCommit: boolean, isOfThisLog: boolean): void {
    const isOlder = bytes.readUInt32BE(8) === (salts[0] - 1) >>> 0;
    if (!isOfThisLog && isOlder && bytes.readUInt32BE(0) === 1) {
      isBegunAnew ||= bytes.readInt32BE(frameHeaderBytes + userVersionOffset) === mark;
    }
    // What an older log has left is passed by without a look at its pages.
    const isCandidate = isOfThisLog || place === brokenAt;
    if (isCandidate && isCommit) {
      const isSound = isSealed(bytes);
      isDamaged ||= isSound && hasEndedSince;
      hasEndedSince ||= isSound || isOfThisLog;
    }
  }

  return {
    frame(bytes) {
      assert(bytes.length === frameHeaderBytes + header.pageBytes);
      const isOfThisLog =
        bytes.readUInt32BE(8) === salts[0] &&
        bytes.readUInt32BE(12) === salts[1] &&
        bytes.readUInt32BE(0) !== 0;
      const isCommit = bytes.readUInt32BE(4) !== 0;
      lastOwn = isOfThisLog ? place : lastOwn;
      if (brokenAt === undefined && !(isOfThisLog && isSealed(bytes))) {
        brokenAt = place;
      }
      if (brokenAt === undefined) {
        readOn(bytes, isCommit);
      } else {
        lookBehind(bytes, isCommit, isOfThisLog);
      }
      stored = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
      place += 1;
    },
    findings: () => ({
      frames,
      hasRemains: lastOwn >= frames,
      damagedFrame: isDamaged ? brokenAt : undefined,
      firstVersion,
      hasVersion,
      isBegunAnew: frames === 0 && isBegunAnew,
    }),
  };
}
