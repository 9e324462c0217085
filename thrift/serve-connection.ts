import type { Socket } from 'node:net';
import type { AnswerCall } from './answer-call.js';
import type { ConnectionSlot } from './connection-slots.js';
import { type MessageReader, messageReader } from './message-reader.js';

/** The time that the other side may leave a message unfinished, or an answer untaken. */
const patienceMs = 5_000;

/** The calls of one connection that are answered before others have their turn. */
const callsPerTurn = 4;

interface Serving {
  answerCall: AnswerCall;
  /** Resolves when this connection may go on. */
  turn(of: { isNewcomer: boolean }): Promise<void>;
  slot: ConnectionSlot;
}

/**
 * Answers the calls of one connection until its other side ends it. The connection is cut where that side sends what is
 * no call, leaves a message unfinished or does not take its answers. Never rejects: whatever goes wrong here concerns
 * this connection only.
 */
export async function serveConnection(socket: Socket, serving: Serving): Promise<void> {
  try {
    await answerCalls(socket, serving);
  } catch {
    // The other side knows what it did; to log it would let anybody fill the log.
  } finally {
    socket.destroy();
  }
}

async function answerCalls(socket: Socket, { answerCall, turn, slot }: Serving): Promise<void> {
  const unfinished = patience(socket);
  let rest: Buffer = Buffer.alloc(0);
  let isNewcomer = true;
  try {
    // An answer that is written when the other side has ended must still reach it: the iterator leaves the socket alone.
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      const messages = messageReader(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
      for (let isMore = true; isMore; ) {
        slot.asks();
        await turn({ isNewcomer });
        isNewcomer = false;
        const { answers, refusal } = nextAnswers(messages, answerCall);
        slot.rests();
        if (answers.length > 0) {
          unfinished.stop();
          await taken(socket, Buffer.concat(answers));
          slot.isAnswered();
        }
        if (refusal !== undefined) {
          throw refusal;
        }
        isMore = answers.length === callsPerTurn;
      }
      rest = Buffer.from(messages.rest());
      if (rest.length > 0) {
        unfinished.start();
      }
    }
  } finally {
    unfinished.stop();
  }
}

function nextAnswers(
  messages: MessageReader,
  answerCall: AnswerCall,
): { answers: Buffer[]; refusal?: Error } {
  const answers: Buffer[] = [];
  try {
    while (answers.length < callsPerTurn) {
      const answer = messages.next(answerCall);
      if (answer === undefined) {
        break;
      }
      answers.push(answer);
    }
    return { answers };
  } catch (error) {
    return { answers, refusal: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Writes and waits until the system has taken it, so that never more than one turn's answers are held for a slow reader. */
async function taken(socket: Socket, answers: Buffer): Promise<void> {
  const stalled = patience(socket);
  stalled.start();
  try {
    await new Promise<void>((resolve, reject) => {
      socket.write(answers, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    stalled.stop();
  }
}

/** Cuts the connection where it is not stopped in time. Starting again what runs already does not prolong it. */
function patience(socket: Socket): { start(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      timer ??= setTimeout(() => socket.destroy(), patienceMs);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
