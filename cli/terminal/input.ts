import type { Readable } from 'node:stream';

/** The stream that a command reads from: a terminal, which can be set raw, or a pipe. */
export type Input = Readable & Partial<Pick<NodeJS.ReadStream, 'isTTY' | 'setRawMode'>>;
