import { once } from 'node:events';
import { connect } from 'node:net';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { call } from './binary-messages.js';

export interface FloodOptions {
  port: number;
  kind: 'calls' | 'calls whose answers nobody reads' | 'connections' | 'bytes, one by one';
  /** How many connections are held at once; one that is cut is made again. */
  connectionCount: number;
}

/** Floods the service from another thread; resolves when the flood is running. `stop` gives how many writes it made. */
export async function startFlood(options: FloodOptions): Promise<{ stop(): Promise<number> }> {
  const worker = new Worker(new URL(import.meta.url), { workerData: options });
  await once(worker, 'message');
  return {
    async stop() {
      worker.postMessage('stop');
      const [writeCount] = await once(worker, 'message');
      await worker.terminate();
      return writeCount;
    },
  };
}

function flood({ port, kind, connectionCount }: FloodOptions, onWrite: () => void): void {
  const whole = call('getCurrentTimeMicros');
  const bytes =
    kind === 'bytes, one by one' ? whole.subarray(0, 1) : Buffer.alloc(whole.length * 2_000, whole);
  const open = () => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const pour = () => {
      onWrite();
      if (kind === 'connections') {
        socket.destroy();
      } else {
        socket.write(bytes);
      }
    };
    socket.on('connect', pour);
    socket.on('drain', pour);
    socket.on('error', () => {});
    socket.on('close', () => setImmediate(open));
    if (kind === 'bytes, one by one') {
      const drip = setInterval(pour, 1);
      socket.on('close', () => clearInterval(drip));
    }
    if (kind !== 'calls whose answers nobody reads') {
      socket.resume();
    }
  };
  for (let index = 0; index < connectionCount; index += 1) {
    open();
  }
}

if (!isMainThread && workerData?.kind !== undefined && parentPort !== null) {
  const parent = parentPort;
  const { connectionCount } = workerData;
  let writeCount = 0;
  flood(workerData, () => {
    writeCount += 1;
    if (writeCount === connectionCount) {
      parent.postMessage('running');
    }
  });
  parent.once('message', () => parent.postMessage(writeCount));
}
