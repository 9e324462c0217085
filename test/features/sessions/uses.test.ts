import { Writable } from 'node:stream';
import test from 'ava';
import type { NoteUses } from '../../../server/features/sessions/note-uses.js';
import { makeUses } from '../../../server/features/sessions/uses.js';
import type { Decision } from '../../../server/ledger/rule.js';
import { makeLogger } from '../../../server/program/process/logger.js';

const minuteMicros = 60_000_000;

function openUses() {
  const decided: NoteUses[] = [];
  let due: (() => void) | undefined;
  const uses = makeUses({
    ledger: {
      decide: async ({ input }: Decision) => {
        decided.push(input as NoteUses);
        throw new Error('busy');
      },
    },
    idleMicros: 7,
    after: (_delayMs, callback) => {
      due = callback;
      return () => {
        due = undefined;
      };
    },
    logger: makeLogger({ level: 'silent', stream: new Writable() }),
  });
  return {
    uses,
    decided,
    isDue: () => due !== undefined,
    run() {
      due?.();
      due = undefined;
    },
  };
}

test('uses of a while are one decision, the last of each session or token alone', (t) => {
  const { uses, decided, run } = openUses();
  uses.note({ kind: 'session', id: 1, at: 100 }, null);
  uses.note({ kind: 'token', id: 1, at: 101 }, null);
  uses.note({ kind: 'session', id: 1, at: 102 }, null);
  run();
  t.deepEqual(decided, [
    {
      uses: [
        { kind: 'session', id: 1, at: 102 },
        { kind: 'token', id: 1, at: 101 },
      ],
      idleMicros: 7,
    },
  ]);
});

test('a use within a minute of the one that is known is not written', (t) => {
  const { uses, isDue } = openUses();
  uses.note({ kind: 'session', id: 1, at: minuteMicros }, 1);
  t.false(isDue());
  uses.note({ kind: 'session', id: 1, at: minuteMicros + 1 }, 1);
  t.true(isDue());
});

test('what waits is bounded, and a ledger that is too busy stops nothing', (t) => {
  const { uses, decided, run } = openUses();
  for (let id = 1; id <= 1_000; id += 1) {
    uses.note({ kind: 'session', id, at: 1 }, null);
  }
  run();
  t.is(decided[0]?.uses.length, 500);
  uses.note({ kind: 'session', id: 1, at: 2 }, null);
  run();
  t.is(decided[1]?.uses.length, 1);
});

test('once it is stopped nothing is written any more', (t) => {
  const { uses, isDue } = openUses();
  uses.note({ kind: 'session', id: 1, at: 1 }, null);
  uses.stop();
  t.false(isDue());
  uses.note({ kind: 'session', id: 2, at: 1 }, null);
  t.false(isDue());
});
