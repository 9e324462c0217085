import type { Socket } from 'node:net';

/** The slot of one connection, which tells what the connection is doing: whose slot goes to a newcomer depends on it. */
export interface ConnectionSlot {
  /** The connection has sent something that is not answered yet. */
  asks(): void;
  /** The call of the connection was answered now, and the answer taken. */
  isAnswered(): void;
  /** Nothing of the connection waits for us; it may be that we wait for it. */
  rests(): void;
}

export interface ConnectionSlots {
  /** A slot for a newcomer; where all are taken, another connection is cut. */
  take(socket: Socket): ConnectionSlot;
  cutAll(): void;
}

interface Taken {
  socket: Socket;
  cameAtMs: number;
  isAsking: boolean;
  wasAnswered: boolean;
}

/** The time that a newcomer has to ask, in a flood, before it counts as idle. */
const graceMs = 100;

/**
 * Slots for at most `most` connections. The one idle longest, since its last answer or since it came, makes
 * room for a newcomer. In a flood, when most are asking, newcomers have a moment to ask, and where nobody is idle the
 * one answered longest ago goes: so nobody is cut before the first answer by those who keep asking.
 */
export function makeConnectionSlots(most: number): ConnectionSlots {
  // The connections in the order of their last answers, those without one by when they came; the longest ago is first.
  const taken = new Map<Socket, Taken>();

  const makeRoom = () => {
    const all = [...taken.values()];
    const leaving = idleLongest(all) ?? all.find(({ wasAnswered }) => wasAnswered) ?? all[0];
    if (leaving !== undefined) {
      taken.delete(leaving.socket);
      leaving.socket.destroy();
    }
  };
  return {
    take(socket) {
      if (taken.size >= most) {
        makeRoom();
      }
      const own = { socket, cameAtMs: performance.now(), isAsking: false, wasAnswered: false };
      taken.set(socket, own);
      socket.on('close', () => taken.delete(socket));
      return {
        asks() {
          own.isAsking = true;
        },
        isAnswered() {
          own.wasAnswered = true;
          if (taken.delete(socket)) {
            taken.set(socket, own);
          }
        },
        rests() {
          own.isAsking = false;
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

function idleLongest(all: readonly Taken[]): Taken | undefined {
  const isFlood = all.filter(({ isAsking }) => isAsking).length > all.length / 2;
  const sparedSinceMs = isFlood ? performance.now() - graceMs : Number.POSITIVE_INFINITY;
  return all.find(
    ({ isAsking, wasAnswered, cameAtMs }) => !isAsking && (wasAnswered || cameAtMs < sparedSinceMs),
  );
}
