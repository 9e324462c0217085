import { batchChannel } from '../batch-function.js';
import { type Channel, openChannel } from './channel.js';

export type Listening = Pick<Channel, 'stop'>;

/**
 * Calls `onCommit` when another writer may have written: with the number of each commit, and with infinity when writers have come
 * or gone, or the connection was made anew, since nobody knows what was said meanwhile. It is a hint to look into the log.
 */
export const listenForBatches = (url: string, onCommit: (commits: number) => void): Listening =>
  openChannel(url, batchChannel, {
    onTold: (text) => onCommit(text === '' ? Number.POSITIVE_INFINITY : Number(text)),
    onListening: () => onCommit(Number.POSITIVE_INFINITY),
  });
