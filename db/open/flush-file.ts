import { open } from 'node:fs/promises';

/** A second way to a file that others write, for the sake of flushing it. */
export interface Flusher {
  /** Returns when all that was written to the file is on the disk. */
  flush(): Promise<void>;
  /** Closes it, which ends every lock that the process holds on the file: whoever else has it open there must be done. */
  close(): Promise<void>;
}

export async function openFlusher(file: string): Promise<Flusher> {
  const handle = await open(file, 'r');
  return { flush: () => handle.datasync(), close: () => handle.close() };
}
