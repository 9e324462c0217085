import type { DiskUse } from '../features/about/free-disk.js';
import type { Environment } from '../settings.js';
import { unknownVariables } from '../unknown-variables.js';
import { doubtful, type Finding, right, wrong } from './finding.js';
import type { BookFacts } from './read-books.js';
import { bytesText, namesText, spanText } from './words.js';

export const schema = 'schema';
export const room = 'room';
export const knownSettings = 'settings';
const duration = 'duration';

/** What an upgrade would do to the schema of the books. */
export function lookAtSchema({ applied, pending }: BookFacts): Finding {
  return right(
    schema,
    pending.length === 0
      ? `${applied.at(-1)}, as this version has it: nothing is brought up to date`
      : `${applied.at(-1) ?? 'none'}, to be brought up to date: ${pending.join(', ')}`,
  );
}

/** The copy that is kept of the database as it was, and at worst as much in the log of the migrations. */
const copies = 2;
const spareBytes = 64_000_000;

/** Whether an upgrade finds the room that it needs beside the database. */
export function lookAtRoom({ free, database }: DiskUse, { pending }: BookFacts): Finding {
  const needed = copies * database + spareBytes;
  const text = `${bytesText(free)} free`;
  if (pending.length === 0) {
    return right(room, `${text}; no copy is made`);
  }
  const need = `${bytesText(needed)} are needed, for a copy of the database as it is and for bringing it up to date`;
  return free < needed
    ? wrong(room, `${text}; ${need}`, 'Make room, or give it a larger disk.')
    : right(room, `${text}; ${need}`);
}

/**
 * Whether what the operator has set still means something. `given` are the settings of the server that runs, whose program
 * understood them; `problem` says why their values are not right any more.
 */
export function lookAtKnownSettings(
  environment: Environment,
  given: Environment,
  problem: string | undefined,
): Finding {
  const gone = unknownVariables(given);
  if (gone.length > 0) {
    return wrong(
      knownSettings,
      `${namesText(gone)}, which the running server goes by, is nothing to this version: what it said would no longer hold`,
      'Read what came in its place (CHANGELOG), and set that.',
    );
  }
  if (problem !== undefined) {
    return wrong(knownSettings, `this version does not take them as they are: ${problem}`, null);
  }
  const unknown = unknownVariables(environment);
  return unknown.length > 0
    ? doubtful(
        knownSettings,
        `${namesText(unknown)} is nothing to this version`,
        'Look whether it is misspelt, or went away (CHANGELOG).',
      )
    : right(knownSettings, 'this version takes all that are set');
}

/** What a disk and a processor that are modest do, in bytes and payments a second. */
const modest = { bytesPerSecond: 50_000_000, paymentsPerSecond: 25_000 };
/** The time in which the server ends and starts. */
const turnMs = 5_000;

/** For about how long there would be no server. */
export function lookAtDuration({ database }: DiskUse, { pending, payments }: BookFacts): Finding {
  const seconds =
    pending.length === 0
      ? 0
      : ((1 + copies) * database) / modest.bytesPerSecond + payments / modest.paymentsPerSecond;
  return right(
    duration,
    `about ${spanText(turnMs + seconds * 1_000)} without a server: to end, ${pending.length === 0 ? '' : 'copy, bring up to date, check, '}start`,
  );
}
