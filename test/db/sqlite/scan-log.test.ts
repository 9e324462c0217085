import test from 'ava';
import fc from 'fast-check';
import { judgeLog } from '../../../db/sqlite/judge-log.js';
import {
  frameHeaderBytes,
  type LogFindings,
  logChecksum,
  logHeaderBytes,
  readLogHeader,
  scanLog,
  userVersionOffset,
} from '../../../db/sqlite/scan-log.js';

const pageBytes = 512;
const frameBytes = frameHeaderBytes + pageBytes;
const mark = 77;

interface Layout {
  readonly isBigEndian: boolean;
  readonly salts: readonly [number, number];
  /** How many frames each transaction has. */
  readonly transactions: readonly number[];
}

function putChecksum(target: Buffer, offset: number, [first, second]: readonly [number, number]): void {
  target.writeUInt32BE(first, offset);
  target.writeUInt32BE(second, offset + 4);
}

/** A log as SQLite writes it, whose first frame is the first page with the mark. */
function makeLog({ isBigEndian, salts, transactions }: Layout): Buffer {
  const frames = transactions.reduce((sum, count) => sum + count, 0);
  const log = Buffer.alloc(logHeaderBytes + frames * frameBytes);
  log.writeUInt32BE(isBigEndian ? 0x377f0683 : 0x377f0682, 0);
  log.writeUInt32BE(3_007_000, 4);
  log.writeUInt32BE(pageBytes, 8);
  log.writeUInt32BE(salts[0], 16);
  log.writeUInt32BE(salts[1], 20);
  let checksum = logChecksum(log.subarray(0, 24), isBigEndian, [0, 0]);
  putChecksum(log, 24, checksum);
  let place = 0;
  for (const count of transactions) {
    for (let frame = 1; frame <= count; frame += 1) {
      const bytes = log.subarray(logHeaderBytes + place * frameBytes).subarray(0, frameBytes);
      bytes.writeUInt32BE(place + 1, 0);
      bytes.writeUInt32BE(frame === count ? frames : 0, 4);
      bytes.writeUInt32BE(salts[0], 8);
      bytes.writeUInt32BE(salts[1], 12);
      bytes.fill((place * 37 + 5) % 251, frameHeaderBytes);
      if (place === 0) {
        bytes.writeInt32BE(mark, frameHeaderBytes + userVersionOffset);
      }
      checksum = logChecksum(bytes.subarray(0, 8), isBigEndian, checksum);
      checksum = logChecksum(bytes.subarray(frameHeaderBytes), isBigEndian, checksum);
      putChecksum(bytes, 16, checksum);
      place += 1;
    }
  }
  return log;
}

function scan(log: Buffer, asked = mark): LogFindings | undefined {
  const header = readLogHeader(log);
  if (header === undefined) {
    return undefined;
  }
  const scanning = scanLog(header, asked);
  for (let at = logHeaderBytes; at + frameBytes <= log.length; at += frameBytes) {
    scanning.frame(log.subarray(at, at + frameBytes));
  }
  return scanning.findings();
}

/** The complaint of a start about a log, on a database in use. */
function complaint(log: Buffer, asked = mark): string | undefined {
  const findings = scan(log, asked);
  const found = findings
    ? ({ state: 'read', pageBytes, findings, synced: 0 } as const)
    : ({ state: 'headless' } as const);
  return judgeLog(found, { mark: asked, pageBytes })?.what;
}

const layout: fc.Arbitrary<Layout> = fc.record({
  isBigEndian: fc.boolean(),
  salts: fc.tuple(fc.integer({ min: 1, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  transactions: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
});

const lengthOf = ({ transactions }: Layout) => transactions.reduce((sum, count) => sum + count, 0);

/** The frames that transactions end with, counted from 0. */
const endsOf = ({ transactions }: Layout): number[] => {
  let frames = 0;
  return transactions.map((count) => {
    frames += count;
    return frames - 1;
  });
};

test('a whole log is taken to its end, whichever way round its checksums are', (t) => {
  fc.assert(
    fc.property(layout, (made) => {
      const log = makeLog(made);
      t.like(scan(log), {
        frames: lengthOf(made),
        damagedFrame: undefined,
        hasVersion: true,
        firstVersion: mark,
      });
      t.is(complaint(log), undefined);
    }),
  );
});

test('a log that is cut keeps the transactions before the cut, and is never taken for damaged', (t) => {
  fc.assert(
    fc.property(layout, fc.double({ min: 0, max: 1, noNaN: true }), (made, share) => {
      const log = makeLog(made);
      const cut = log.subarray(0, Math.floor(log.length * share));
      const frames = Math.floor((cut.length - logHeaderBytes) / frameBytes);
      const last = endsOf(made).findLast((end) => end < frames);
      const findings = scan(cut);
      t.is(findings?.frames ?? 0, last === undefined ? 0 : last + 1);
      t.is(findings?.damagedFrame, undefined);
      t.is(complaint(cut) === undefined, last !== undefined);
    }),
  );
});

test('a log that was on the disk as far as a commit that is gone has lost it', (t) => {
  fc.assert(
    fc.property(layout, fc.nat(), fc.nat(), (made, some, other) => {
      const whole = made.transactions.length;
      const [left = 0, synced = 0] = [some, other].map((count) => endsOf(made)[count % whole] as number);
      const findings = scan(makeLog(made).subarray(0, logHeaderBytes + (left + 1) * frameBytes));
      t.truthy(findings);
      const judged = judgeLog(
        { state: 'read', pageBytes, findings: findings as LogFindings, synced: synced + 1 },
        { mark, pageBytes },
      );
      const lost = {
        what: `lacks its end: ${left + 1} of the ${synced + 1} frames that were on the disk are left`,
        isContinuing: true,
      };
      t.deepEqual(judged, left < synced ? lost : undefined);
    }),
  );
});

test('whatever bit is flipped in the page of a frame, it is damage unless it can be the torn end', (t) => {
  fc.assert(
    fc.property(layout, fc.nat(), fc.nat(), (made, somewhere, bit) => {
      const log = makeLog(made);
      const place = somewhere % lengthOf(made);
      const at = logHeaderBytes + place * frameBytes + frameHeaderBytes + ((bit % (pageBytes * 8)) >> 3);
      log[at] = (log[at] ?? 0) ^ (1 << (bit % 8));
      const later = endsOf(made).filter((end) => end >= place);
      t.is(scan(log)?.damagedFrame, later.length >= 2 ? place : undefined);
    }),
  );
});

test('whatever bit is flipped in the header of a log, SQLite would not read it, and it is told', (t) => {
  const log = makeLog({ isBigEndian: false, salts: [1, 2], transactions: [1, 2] });
  for (let bit = 0; bit < logHeaderBytes * 8; bit += 1) {
    const flipped = Buffer.from(log);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit % 8));
    t.regex(complaint(flipped) ?? '', /does not begin as a log does/, `bit ${bit}`);
  }
});

test('whatever bit is flipped in the header of a frame, no transaction from there on is read', (t) => {
  fc.assert(
    fc.property(layout, fc.nat(), fc.nat({ max: frameHeaderBytes * 8 - 1 }), (made, somewhere, bit) => {
      const log = makeLog(made);
      const place = somewhere % lengthOf(made);
      const at = logHeaderBytes + place * frameBytes + (bit >> 3);
      log[at] = (log[at] ?? 0) ^ (1 << (bit % 8));
      t.true((scan(log)?.frames ?? 0) <= place);
    }),
    { numRuns: 1_000 },
  );
});

test('a log that has pages of another size is of another database', (t) => {
  const findings = scan(makeLog({ isBigEndian: false, salts: [1, 2], transactions: [1] })) as LogFindings;
  const log = { state: 'read', pageBytes, findings, synced: 0 } as const;
  t.is(judgeLog(log, { mark, pageBytes }), undefined);
  t.like(judgeLog(log, { mark, pageBytes: 2 * pageBytes }), { isContinuing: false });
});

test('whatever bit is flipped anywhere, what is lost without a word is the last two transactions at most', (t) => {
  fc.assert(
    fc.property(layout, fc.nat(), (made, somewhere) => {
      const log = makeLog(made);
      const bit = somewhere % (log.length * 8);
      log[bit >> 3] = (log[bit >> 3] ?? 0) ^ (1 << (bit % 8));
      const kept = scan(log)?.frames ?? 0;
      const needed = endsOf(made).at(-3);
      t.true(complaint(log) !== undefined || needed === undefined || kept > needed);
    }),
    { numRuns: 1_000 },
  );
});

test('a transaction that power loss has torn is dropped, in whatever order its parts reached the disk', (t) => {
  fc.assert(
    fc.property(layout, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (made, sectors) => {
      const whole = { ...made, transactions: [2, ...made.transactions] };
      const log = makeLog(whole);
      const torn = logHeaderBytes + (endsOf(whole).at(-2) ?? 0) * frameBytes + frameBytes;
      for (const sector of sectors) {
        const at = torn + (Math.floor(sector % (log.length - torn)) & ~511);
        log.fill(0xee, at, Math.min(at + 512, log.length));
      }
      t.is(complaint(log), undefined);
      t.is(scan(log)?.frames, (endsOf(whole).at(-2) ?? 0) + 1);
    }),
  );
});

test('what an older and longer log has left behind the end is nothing', (t) => {
  fc.assert(
    fc.property(layout, layout, (newer, older) => {
      const [salt, other] = newer.salts;
      const before = makeLog({
        ...older,
        isBigEndian: newer.isBigEndian,
        salts: [(salt - 1) >>> 0, (other ^ 1) >>> 0],
      });
      const now = makeLog(newer);
      const log = Buffer.concat([now, before.subarray(now.length)]);
      t.is(complaint(log), undefined);
      t.is(scan(log)?.frames, lengthOf(newer));
    }),
  );
});

test('a log that was begun anew, and torn at once, has nothing to lose; one of others does not pass for it', (t) => {
  const salts = [7, 8] as const;
  const before = makeLog({ isBigEndian: false, salts: [6, 99], transactions: [1, 3] });
  const now = makeLog({ isBigEndian: false, salts, transactions: [1] });
  const log = Buffer.concat([now.subarray(0, logHeaderBytes), before.subarray(logHeaderBytes)]);
  t.is(complaint(log), undefined);
  t.regex(complaint(log, mark + 1) ?? '', /is empty: it holds no whole transaction/);
  const further = makeLog({ isBigEndian: false, salts: [5, 99], transactions: [1, 3] });
  t.regex(
    complaint(Buffer.concat([now.subarray(0, logHeaderBytes), further.subarray(logHeaderBytes)])) ?? '',
    /is empty/,
  );
});

test('a log without the mark of its database is of another', (t) => {
  fc.assert(
    fc.property(layout, fc.integer({ min: 1, max: 2 ** 31 - 1 }), (made, asked) => {
      fc.pre(asked !== mark);
      t.regex(complaint(makeLog(made), asked) ?? '', /^belongs to another database, or to this one/);
    }),
  );
});

test('after a clean end a log is taken that was begun on this database, or by a program that sets no marks', (t) => {
  const findings = scan(makeLog({ isBigEndian: true, salts: [1, 2], transactions: [1, 1] }));
  t.truthy(findings);
  const judged = (unused: number, changed: Partial<LogFindings> = {}) =>
    judgeLog(
      {
        state: 'read',
        pageBytes,
        findings: { ...(findings as LogFindings), hasVersion: false, ...changed },
        synced: 0,
      },
      { mark: unused, pageBytes },
    )?.what;
  t.is(judged(-(mark - 1)), undefined);
  t.is(judged(-5, { firstVersion: undefined }), undefined);
  t.regex(judged(-5) ?? '', /this one was ended in order and needs none/);
  t.is(judgeLog({ state: 'missing' }, { mark: -5, pageBytes }), undefined);
  t.is(judgeLog({ state: 'headless' }, { mark: 0, pageBytes }), undefined);
  t.regex(judgeLog({ state: 'missing' }, { mark: 5, pageBytes })?.what ?? '', /is not there/);
});

test('a server that was killed between the two last steps of its end has lost nothing', (t) => {
  const findings = scan(makeLog({ isBigEndian: false, salts: [1, 2], transactions: [1] }));
  const judged = (firstVersion: number) =>
    judgeLog(
      {
        state: 'read',
        pageBytes,
        findings: { ...(findings as LogFindings), hasVersion: false, firstVersion },
        synced: 0,
      },
      { mark, pageBytes },
    )?.what;
  t.is(judged(-(mark + 1)), undefined);
  t.regex(judged(-mark) ?? '', /^belongs to another database/);
});
