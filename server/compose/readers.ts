import { openPatientReaders, openReaders } from '../../db/connect.js';
import type { Settings } from '../settings.js';
import type { Opened } from './app/opened.js';
import type { Closing } from './closing.js';

/** Connections for finding out who calls, and for looking one thing up: each takes a fraction of a millisecond. */
const lookUpConnections = 2;

/** How long a list may take to be read: a page that takes longer to find is not waited for. */
const listDeadlineMs = 5_000;

/** Opens the connections that look one thing up, and others that read lists, so that no look-up waits for a list. */
export function openServerReaders(
  { databasePath, rateLimits: { shares } }: Settings,
  closing: Closing,
): Pick<Opened, 'readers' | 'listReaders'> {
  const readers = openReaders(databasePath, lookUpConnections);
  closing.add(() => readers.destroy());
  const listReaders = openPatientReaders(databasePath, shares.lists.inAll, listDeadlineMs);
  closing.add(() => listReaders.destroy());
  return { readers, listReaders };
}
