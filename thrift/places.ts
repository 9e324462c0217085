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
  /** A place for a newcomer, who counts as asking; where all are taken, another connection is cut. */
  give(socket: Socket): Place;
  cutAll(): void;
}

interface Standing {
  isAsking: boolean;
  wasAnswered: boolean;
}

/**
 * The places of at most `maxPlaces` connections. Who makes place for a newcomer: the one idle longest, since its last
 * answer or since it came. Where nobody is idle, the one answered longest ago, so that in a flood of calls, too,
 * newcomers are not cut before their first answer.
 */
export function createPlaces(maxPlaces: number): Places {
  // In the order of their last answers, those without one by when they came; the longest ago is first.
  const taken = new Map<Socket, Standing>();

  const makePlace = () => {
    const all = [...taken];
    const leaving =
      all.find(([, standing]) => !standing.isAsking) ??
      all.find(([, standing]) => standing.wasAnswered) ??
      all[0];
    if (leaving !== undefined) {
      const [socket] = leaving;
      taken.delete(socket);
      socket.destroy();
    }
  };
  return {
    give(socket) {
      if (taken.size >= maxPlaces) {
        makePlace();
      }
      const standing = { isAsking: true, wasAnswered: false };
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
