export interface Alarm {
  /** Rejects when the time has passed. */
  rings: Promise<never>;
  /** Rings the alarm now, with another reason. */
  ring(reason: string): void;
  /** Throws where the alarm has rung. */
  check(): void;
  turnOff(): void;
}

/** An alarm that rings after `timeMs`, but not before what had arrived by then is read, though the thread was busy in between. */
export function alarm(timeMs: number, reason: string): Alarm {
  let rung: Error | undefined;
  let reject: (error: Error) => void = () => {};
  const rings = new Promise<never>((_resolve, rejectRings) => {
    reject = rejectRings;
  });
  // Nobody need be listening when it rings.
  rings.catch(() => {});
  const ring = (why: string) => {
    rung ??= new Error(why);
    reject(rung);
  };
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    immediate = setImmediate(ring, reason);
  }, timeMs);
  return {
    rings,
    ring,
    check() {
      if (rung !== undefined) {
        throw rung;
      }
    },
    turnOff() {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
