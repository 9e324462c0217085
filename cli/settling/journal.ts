import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure/failure.js';
import { withLock } from '../files/lock.js';
import { readJsonFile } from '../files/read-file.js';
import { removeFile, writePrivateFile } from '../files/write-file.js';
import { shellCommand } from '../terminal/text/shell-quote.js';
import type { Payer } from './payer.js';

/** The owner of a record: who acts, on which server. */
export type Owner = Pick<Payer, 'server' | 'user'>;

/** Something that must not happen twice and was begun, with all that it takes to go on with it. It holds no secret. */
export interface JournalRecord extends Owner {
  /** When the record was made, RFC 3339. */
  readonly createdAt: string;
  /** The words of the command line that settles it, wherever it is run. */
  readonly command: readonly string[];
}

/** A JSON object as it was found on the disk: this version wrote it, or an earlier one, or nobody knows who. */
export type Stored = Readonly<Record<string, unknown>>;

/** A kind of record, which the noun that it is of knows. */
export interface RecordKind<One extends JournalRecord & Id, Id> {
  /** The name of the folder that has a file for each. */
  readonly folder: string;
  /** The name of a record's file, without its ending. */
  readonly fileName: (id: Id) => string;
  /** The record that was stored, by whichever version; undefined where it is none. What all kinds have was looked at. */
  readonly read: (stored: Stored & Owner & Pick<JournalRecord, 'command'>) => One | undefined;
  /** A sentence that says what is open; undefined once its outcome is known. */
  readonly openText: (record: One) => string | undefined;
  /** The command that shows what came of records that cannot be read any more. */
  readonly look: string;
}

/** Something that was begun and has no known outcome yet. */
export interface Unsettled {
  /** A sentence that says what is open. */
  readonly text: string;
  /** The command line that settles it. */
  readonly settle: string;
}

/** The records of one kind: one file each, which only its owner can read. */
export interface Journal<One extends JournalRecord & Id, Id> {
  /** Resolves when the record is on the disk, to survive a crash of the machine. */
  write(record: One): Promise<void>;
  /**
   * The record, if there is one.
   * @throws Failure where it cannot be read: to begin anew might do it twice
   */
  find(id: Id): Promise<One | undefined>;
  /** All records that can be read, and the paths of those that cannot. */
  list(): Promise<{ readonly records: readonly One[]; readonly unreadable: readonly string[] }>;
  /**
   * All records.
   * @throws Failure where one cannot be read: it might be any
   */
  all(): Promise<readonly One[]>;
  remove(id: Id): Promise<void>;
  /** Runs the work while no other process works on the same record. @throws Failure where one does */
  alone<Result>(id: Id, work: () => Promise<Result>): Promise<Result>;
  /** What somebody has begun that is not settled, and whatever cannot be read, whosever it is. */
  unsettled(owner: Owner): Promise<readonly Unsettled[]>;
}

function isRecord(stored: Stored): stored is Stored & Owner & Pick<JournalRecord, 'command'> {
  const { server, user, command } = stored;
  return typeof server === 'string' && typeof user === 'string' && Array.isArray(command);
}

const moveAway = (path: string) => shellCommand(['mv', path, `${path}.old`]);

function unreadable(path: string, look: string, cause?: unknown): Failure {
  return new Failure('usage', `The file ${path} cannot be read, and what was begun with it is not known.`, {
    next: [`See what was done: ${look}`, `Then move it away: ${moveAway(path)}`],
    ...(cause !== undefined && { cause }),
  });
}

/** The journal of one kind below the command line's folder. Nothing is made there before the first record is written. */
export function openJournal<One extends JournalRecord & Id, Id>(
  commandLineFolder: string,
  kind: RecordKind<One, Id>,
): Journal<One, Id> {
  const folder = join(commandLineFolder, kind.folder);
  const pathOf = (id: Id) => join(folder, `${kind.fileName(id)}.json`);

  async function read(path: string): Promise<One | undefined> {
    const stored = await readJsonFile(path).catch((error: unknown) => {
      throw unreadable(path, kind.look, error);
    });
    if (stored === undefined) {
      return undefined;
    }
    const record = isRecord(stored) ? kind.read(stored) : undefined;
    if (record === undefined) {
      throw unreadable(path, kind.look);
    }
    return record;
  }

  async function paths(): Promise<readonly string[]> {
    const names = await readdir(folder).catch(() => []);
    return names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
  }

  const present = (records: readonly (One | undefined)[]) => records.filter((one) => one !== undefined);

  async function list() {
    const lost: string[] = [];
    const records = (await paths()).map((path) =>
      read(path).catch(() => {
        lost.push(path);
        return undefined;
      }),
    );
    return { records: present(await Promise.all(records)), unreadable: lost };
  }

  return {
    write: (record) =>
      writePrivateFile(pathOf(record), `${JSON.stringify({ version: 1, ...record }, null, 2)}\n`),
    find: (id) => read(pathOf(id)),
    list,
    all: async () => present(await Promise.all((await paths()).map(read))),
    remove: (id) => removeFile(pathOf(id)),
    alone: (id, work) => withLock(`${pathOf(id)}.lock`, work),
    async unsettled({ server, user }) {
      const { records, unreadable: lost } = await list();
      const open = records.flatMap((record) => {
        const text = record.server === server && record.user === user ? kind.openText(record) : undefined;
        return text === undefined ? [] : [{ text, settle: shellCommand(record.command) }];
      });
      const unknown = lost.map((path) => ({
        text: `The file ${path} cannot be read: look whether what was begun with it was done, then move it away.`,
        settle: moveAway(path),
      }));
      return [...open, ...unknown];
    },
  };
}
