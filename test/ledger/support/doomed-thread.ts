import { parentPort, workerData } from 'node:worker_threads';
import { openWriter } from '../../../db/connect.js';
import { rules } from '../../../server/compose/rules.js';
import { lookup } from '../../../server/ledger/book/lookup.js';
import { openLedger } from '../../../server/ledger/commit/group-commit.js';
import { defineRule, type Rules } from '../../../server/ledger/rule.js';
import { serveLedger } from '../../../server/ledger/thread.js';
import { builtInRates } from '../../../server/money/rate-table.js';
import { steppingTime } from './real-books.js';

export interface DoomedThreadData {
  readonly databasePath: string;
  readonly doom: 'exit' | 'throw' | 'by a rule';
}

function refuse(): never {
  throw new Error('this cannot be written');
}

const unwritable = { toJSON: refuse, toPostgres: refuse, toString: refuse };

/** The ledger's rules, one that spoils its batch, and one by which its thread comes to an end. */
const doomed: Rules = {
  ...rules,
  'end the thread': defineRule<object>('end the thread', {
    needsTime: false,
    reads: () => [],
    decide: () => process.exit(3),
  }),
  'write what cannot be written': defineRule<{ readonly userId: number }>('write what cannot be written', {
    needsTime: false,
    reads: (_book, { userId }) => [lookup('accounts', { user_id: userId })],
    decide(book, { userId }) {
      book.update('accounts', book.get('accounts', { user_id: userId }), { balance: unwritable as never });
      return { status: 200, body: null };
    },
  }),
};

if (parentPort) {
  const { databasePath, doom } = workerData as DoomedThreadData;
  if (doom === 'exit') {
    process.exit(4);
  }
  if (doom === 'throw') {
    throw new Error('doomed from the start');
  }
  const writer = openWriter(databasePath);
  const time = steppingTime();
  await serveLedger({
    port: parentPort,
    open: ({ onBroken, onMistake }) =>
      openLedger({
        writer,
        rules: doomed,
        askTime: async () => time(),
        machineMicros: time,
        rates: builtInRates,
        chain: 1,
        onBroken,
        onMistake,
      }),
    close: () => writer.destroy(),
  });
}
