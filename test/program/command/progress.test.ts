import { PassThrough } from 'node:stream';
import test from 'ava';
import { makeProgress } from '../../../server/program/command/progress.js';

function watched(isTTY: boolean) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });
  const clock = { nowMs: 0 };
  const progress = makeProgress({ stream, what: 'checking' }, () => clock.nowMs);
  return { clock, progress, said: () => stream.read() ?? '' };
}

test('on a terminal a line changes after a moment, and nothing of it is left', (t) => {
  const { clock, progress, said } = watched(true);
  progress.tell(0.5);
  t.is(said(), '');
  clock.nowMs = 600;
  progress.tell(0.509);
  progress.tell(0.5091);
  t.is(said(), '\rchecking: 50 %');
  progress.tell(1);
  t.is(said(), '\rchecking: 100 %');
  progress.end();
  t.is(said(), `\r${' '.repeat(15)}\r`);
});

test('elsewhere a line is written every few seconds', (t) => {
  const { clock, progress, said } = watched(false);
  for (const [nowMs, fraction] of [
    [4_000, 0.2],
    [5_000, 0.3],
    [6_000, 0.4],
    [10_000, 0.5],
  ] as const) {
    clock.nowMs = nowMs;
    progress.tell(fraction);
  }
  progress.end();
  t.is(said(), 'pay-server: checking: 30 %\npay-server: checking: 50 %\n');
});

test('work that is over at once leaves no trace', (t) => {
  const { progress, said } = watched(true);
  progress.tell(1);
  progress.end();
  t.is(said(), '');
});
