import type { ExportTurn, ListReader } from '../../http/answer/list-turns.js';
import { makeHolds } from '../../http/serve/holds.js';
import { networkOf } from '../../network.js';
import type { ShareTable } from '../../rate-figures.js';

/** Whoever takes longer over a part, 100 rows, has a place that others may have: a line of a few kilobytes a second does not. */
const patienceMs = 10_000;

const tooMany = {
  ofOne: 'As many exports are under way as one user, or one network, may have. Let one of them end first.',
  inAll: 'As many exports are under way as the server can serve. Try again in a few seconds.',
};

/** Reads a part of a list in the turn of its reader. */
type InTurn = <Result>(reader: ListReader, read: () => Promise<Result>) => Promise<Result>;

interface OpenExport {
  readonly network: string;
  readonly end: () => void;
  /** When its reader was given the part that is not all taken yet; undefined while one is read for it. */
  givenAtMs: number | undefined;
}

export interface Exports {
  /** Begins an export; `cut` breaks it off where its place goes to another. Throws RATE_LIMITED or OVERLOADED. */
  begin(reader: ListReader, cut: () => void): ExportTurn;
}

/**
 * The exports that are under way, so many of one user, of one network and in all. Where all places are taken, whoever reads
 * slowest makes room, so that nobody holds the places of others by reading next to nothing. `nowMs` is a clock that only rises.
 */
export function makeExports(
  share: ShareTable['exports'],
  inTurn: InTurn,
  nowMs: () => number = () => performance.now(),
): Exports {
  const holds = makeHolds(share, tooMany);
  const open = new Set<OpenExport>();

  /** The export whose reader has been slow for longest, of one network or of all; undefined where none is slow. */
  function slowest(network: string | undefined): OpenExport | undefined {
    let found: OpenExport | undefined;
    let sinceMs = nowMs() - patienceMs;
    for (const one of open) {
      const isSought = network === undefined || one.network === network;
      if (isSought && one.givenAtMs !== undefined && one.givenAtMs < sinceMs) {
        found = one;
        sinceMs = one.givenAtMs;
      }
    }
    return found;
  }

  function makeRoom(userId: number, network: string): void {
    const obstacle = holds.obstacleTo(userId, network);
    if (obstacle === 'network' || obstacle === 'all') {
      slowest(obstacle === 'network' ? network : undefined)?.end();
    }
  }

  return {
    begin(reader, cut) {
      const network = networkOf(reader.address);
      makeRoom(reader.userId, network);
      const leave = holds.hold(reader.userId, network);
      const close = () => {
        open.delete(one);
        leave();
      };
      const one: OpenExport = {
        network,
        end() {
          close();
          cut();
        },
        givenAtMs: undefined,
      };
      open.add(one);
      return {
        close,
        async inTurn(read) {
          one.givenAtMs = undefined;
          const part = await inTurn(reader, read);
          one.givenAtMs = nowMs();
          return part;
        },
      };
    },
  };
}
