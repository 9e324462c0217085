import type { Socket } from 'node:net';

/** Where one connection stands among the others. */
export interface Place {
  /** It has sent something that is not answered yet. */
  asks(): void;
  /** What it asked was answered now, and taken. */
  isAnswered(): void;
  /** Nothing of it waits for us; it may be that we wait for it. */
  rests(): void;
}

export interface Places {
  /** A place for a newcomer; where all are taken, another connection is cut. */
  give(socket: Socket): Place;
  cutAll(): void;
}

interface Standing {
  socket: Socket;
  cameAtMs: number;
  isAsking: boolean;
  wasAnswered: boolean;
}

/** In a flood, how long a newcomer may take to ask before it counts as idle. */
const graceMs = 100;

/**
 * The places of at most `maxPlaces` connections. The one idle longest, since its last answer or since it came, makes
 * place for a newcomer. In a flood, when most are asking, newcomers have a moment to ask, and where nobody is idle the
 * one answered longest ago goes: so nobody is cut before the first answer by those who keep asking.
 */
export function createPlaces(maxPlaces: number): Places {
  // In the order of their last answers, those without one by when they came; the longest ago is first.
  const taken = new Map<Socket, Standing>();

  const makePlace = () => {
    const all = [...taken.values()];
    const leaving = idleLongest(all) ?? all.find(({ wasAnswered }) => wasAnswered) ?? all[0];
    if (leaving !== undefined) {
      taken.delete(leaving.socket);
      leaving.socket.destroy();
    }
  };
  return {
    give(socket) {
      if (taken.size >= maxPlaces) {
        makePlace();
      }
      const standing = { socket, cameAtMs: performance.now(), isAsking: false, wasAnswered: false };
      taken.set(socket, standing);
      socket.on('close', () => taken.delete(socket));
      return {
        asks() {
          standing.isAsking = true;
        },
        isAnswered() {
          standing.wasAnswered = true;
          if (taken.delete(socket)) {
            taken.set(socket, standing);
          }
        },
        rests() {
          standing.isAsking = false;
        },
      };
    },
    cutAll() {
      for (const socket of taken.keys()) {
        socket.destroy();
      }
    },
  };
}

function idleLongest(all: readonly Standing[]): Standing | undefined {
  const isFlood = all.filter(({ isAsking }) => isAsking).length > all.length / 2;
  const sparedSinceMs = isFlood ? performance.now() - graceMs : Number.POSITIVE_INFINITY;
  return all.find(
    ({ isAsking, wasAnswered, cameAtMs }) => !isAsking && (wasAnswered || cameAtMs < sparedSinceMs),
  );
}
