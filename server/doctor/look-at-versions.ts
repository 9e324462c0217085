import sqlite3 from 'sqlite3';
import { refuseOldSqlite } from '../../db/open/inspect.js';
import { readOldestNode, readVersion } from '../version.js';
import { doubtful, type Finding, right, wrong } from './finding.js';

export const program = 'program';

/** Whether a version is at least another, both as numbers between dots. */
function isAtLeast(version: string, oldest: string): boolean {
  const [parts, least] = [version, oldest].map((text) => text.split('.').map(Number));
  for (const [index, one] of (least ?? []).entries()) {
    const part = parts?.[index] ?? 0;
    if (part !== one) {
      return part > one;
    }
  }
  return true;
}

/** Whether Node and SQLite are new enough, and the running server is of this version. Throws DatabaseProblem for an SQLite that is not. */
export function lookAtVersions(running: string | undefined): Finding {
  const node = process.versions.node;
  const version = readVersion();
  refuseOldSqlite();
  const text = `pay ${version}, Node ${node}, SQLite ${sqlite3.VERSION}`;
  const oldest = readOldestNode();
  if (!isAtLeast(node, oldest)) {
    return wrong(program, `${text}: it needs Node ${oldest} or newer`, 'Install a newer Node.');
  }
  return running !== undefined && running !== version
    ? doubtful(program, `${text}; the server that runs is pay ${running}`, 'Start the server again.')
    : right(program, text);
}
