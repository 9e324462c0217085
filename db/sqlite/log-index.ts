import { endianness } from 'node:os';
import { logChecksum } from './scan-log.js';

// The header of SQLite's index of a log, of which it keeps two copies in the -shm file, in the machine's byte order. The format is that of
// https://www.sqlite.org/walformat.html#the_wal_index_file_format.
const headerBytes = 48;
const checkedBytes = 40;
export const indexBytes = 2 * headerBytes;
const knownVersion = 3_007_000;
const isBigEndian = endianness() === 'BE';

/** A log as its index has it. */
export interface LogIndex {
  readonly salts: readonly [number, number];
  /** The frames up to the end of the last commit, which were on the disk when SQLite wrote this. */
  readonly frames: number;
}

function readCopy(header: Buffer): LogIndex | undefined {
  const read = (offset: number) => (isBigEndian ? header.readUInt32BE(offset) : header.readUInt32LE(offset));
  const checksum = logChecksum(header.subarray(0, checkedBytes), isBigEndian, [0, 0]);
  const isInitialized = header[12] === 1;
  const isSound =
    read(0) === knownVersion && isInitialized && checksum[0] === read(40) && checksum[1] === read(44);
  // The salts are the bytes of the log's header as they are.
  const salts = [header.readUInt32BE(32), header.readUInt32BE(36)] as const;
  return isSound ? { salts, frames: read(16) } : undefined;
}

/**
 * Reads an index. Undefined where neither copy is sound, as where the system stopped while it was written. The second copy is
 * written first.
 */
export function readIndex(bytes: Buffer): LogIndex | undefined {
  if (bytes.length < indexBytes) {
    return undefined;
  }
  return readCopy(bytes.subarray(headerBytes, indexBytes)) ?? readCopy(bytes.subarray(0, headerBytes));
}
