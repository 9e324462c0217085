import { batchChannel } from '../batch-function.js';
import { type Channel, openChannel } from './channel.js';

export type Listening = Pick<Channel, 'stop'>;

/** Whoever may connect to the database may say anything on the channel; what is no number says that there may be any number. */
const commitsIn = (text: string): number =>
  /^\d{1,15}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;

/**
 * Calls `onCommit` when another writer may have written: with the number of each commit, and with infinity when writers have come
 * or gone, or the connection was made anew, since nobody knows what was said meanwhile. It is a hint to look into the log.
 */
export const listenForBatches = (url: string, onCommit: (commits: number) => void): Listening =>
  openChannel(url, batchChannel, {
    onTold: (text) => onCommit(commitsIn(text)),
    onListening: () => onCommit(Number.POSITIVE_INFINITY),
  });
