import { parentPort } from 'node:worker_threads';
import { Refusal } from '../../errors.js';
import { parseStrictJson } from '../../http/read/strict-json.js';
import { validate } from '../../http/read/validate.js';
import { useCurrencies } from '../../money/currency.js';
import type { FromReadThread, ReadTask } from './read-thread.js';
import { payoutBodyValues, payoutSchema } from './wire.js';

// This file is the program of a thread: makeReadThread starts it, nobody imports it.

function outcomeOf({ bytes, currencies }: ReadTask): FromReadThread {
  try {
    useCurrencies(currencies);
    const value = parseStrictJson(Buffer.from(bytes), payoutBodyValues);
    return { body: validate(payoutSchema, value, 'body') };
  } catch (error) {
    return error instanceof Refusal
      ? { refused: { code: error.code, detail: error.message, details: error.details } }
      : { failed: error instanceof Error ? String(error.stack) : String(error) };
  }
}

const port = parentPort;
port?.on('message', (task: ReadTask) => port.postMessage(outcomeOf(task)));
