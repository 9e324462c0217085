import { parentPort } from 'node:worker_threads';
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import type { EstimateTask, FromEstimateThread } from './estimate-thread.js';

// This file is the program of a thread: makeEstimateThread starts it, nobody imports it.

// The time that zxcvbn takes grows faster than the text; so many characters take some hundredths of a second at worst.
const judgedLength = 16;
const maxSubstitutions = 8;

async function loadEstimator(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory: Factory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  return new Factory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    maxLength: judgedLength,
    l33tMaxSubstitutions: maxSubstitutions,
  });
}

/** A long password is guessed as soon as the easier of its beginning and its end only where both are easy. */
function guessesOf(password: string, estimator: ZxcvbnFactory): number {
  const ends = new Set([password.slice(0, judgedLength), password.slice(-judgedLength)]);
  return Math.max(...[...ends].map((end) => estimator.check(end).guesses));
}

if (parentPort) {
  const port = parentPort;
  const tell = (message: FromEstimateThread) => port.postMessage(message);
  const loading = loadEstimator();
  port.on('message', async ({ password }: EstimateTask) => {
    try {
      tell({ guesses: guessesOf(password, await loading) });
    } catch (error) {
      tell({ failed: error instanceof Error ? error.message : String(error) });
    }
  });
}
