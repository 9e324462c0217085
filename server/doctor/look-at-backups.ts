import { stat } from 'node:fs/promises';
import type { BackupNote } from '../../db/operate/backup-note.js';
import { doubtful, type Finding, right, wrong } from './finding.js';
import { dayMs, spanText } from './words.js';

export const backups = 'backups';

/** The age from which on a backup is due: they are made every night. */
const dueMs = 1.5 * dayMs;
const lateMs = 8 * dayMs;

interface BackupParts {
  readonly note: BackupNote;
  readonly isPostgres: boolean;
  readonly firstPaymentMs: number | undefined;
  readonly nowMs: number;
}

const make =
  'pay-server backup --rotate <folder> makes one; systemctl enable --now pay-backup.timer, every night.';

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** How old what is not in a backup is, where there is none at all. */
function lookWithout(firstPaymentMs: number | undefined, nowMs: number): Finding {
  if (firstPaymentMs === undefined) {
    return right(backups, 'there is none yet, and no payment to lose');
  }
  const ageMs = nowMs - firstPaymentMs;
  const judge = ageMs > lateMs ? wrong : doubtful;
  return judge(backups, `there is none, and the first payment was ${spanText(ageMs)} ago`, make);
}

/** How old the newest good backup is. Each is checked when it is made, and else is none. */
export async function lookAtBackups({
  note,
  isPostgres,
  firstPaymentMs,
  nowMs,
}: BackupParts): Promise<Finding> {
  if (isPostgres) {
    return doubtful(
      backups,
      'of a database of PostgreSQL they are made by its own tools, and not known here',
      'Look for yourself how old the newest is, and that it was restored and checked once (pay-server check).',
    );
  }
  const { good, problem } = note;
  if (problem !== null) {
    return wrong(backups, `the last one failed: ${problem}`, 'Mend that, then make one: pay-server backup.');
  }
  if (good === null) {
    return lookWithout(firstPaymentMs, nowMs);
  }
  const ageMs = nowMs - good.atMs;
  const text = `the newest, checked, is ${spanText(ageMs)} old: ${good.file}`;
  if (ageMs > dueMs) {
    const judge = ageMs > lateMs ? wrong : doubtful;
    return judge(
      backups,
      text,
      'Look why no newer one was made: systemctl status pay-backup.timer pay-backup',
    );
  }
  return (await isThere(good.file))
    ? right(backups, text)
    : doubtful(
        backups,
        `${text}, which is there no more`,
        'Look whether it was sent elsewhere, or make another one.',
      );
}
