import test from 'ava';
import fc from 'fast-check';
import { Refusal } from '../../../server/errors.js';
import { makeGate } from '../../../server/http/serve/bounded-gate.js';

const tooMany = 'Too many wait. Try again.';

interface Task {
  readonly run: () => Promise<string>;
  readonly finish: () => void;
  readonly hasStarted: () => boolean;
}

function makeTask(name: string): Task {
  let finish = () => {};
  const promise = new Promise<string>((resolve) => {
    finish = () => resolve(name);
  });
  let started = false;
  return {
    run: () => {
      started = true;
      return promise;
    },
    finish,
    hasStarted: () => started,
  };
}

test('as many run at a time as allowed, the others in the order in which they came', async (t) => {
  const gate = makeGate({ concurrency: 2, maxWaiting: 10, tooMany });
  const tasks = ['a', 'b', 'c', 'd'].map(makeTask);
  const results = tasks.map((task) => gate(task.run));
  const started = async () => {
    await new Promise(setImmediate);
    return tasks.map((task) => task.hasStarted());
  };
  t.deepEqual(await started(), [true, true, false, false]);
  tasks[1]?.finish();
  t.is(await results[1], 'b');
  t.deepEqual(await started(), [true, true, true, false]);
  tasks[0]?.finish();
  t.is(await results[0], 'a');
  t.deepEqual(await started(), [true, true, true, true]);
  tasks[3]?.finish();
  tasks[2]?.finish();
  t.deepEqual(await Promise.all(results), ['a', 'b', 'c', 'd']);
});

test('whoever comes beyond the waiting ones is refused at once and told when to come again', async (t) => {
  const gate = makeGate({ concurrency: 1, maxWaiting: 1, tooMany });
  const [first, second, third] = [makeTask('first'), makeTask('second'), makeTask('third')];
  const results = [gate(first.run), gate(second.run)];
  const refusal = await t.throwsAsync(gate(third.run), { instanceOf: Refusal });
  t.is(refusal?.code, 'OVERLOADED');
  t.true((refusal?.details.retryAfterSeconds ?? 0) > 0);
  t.false(third.hasStarted());
  first.finish();
  second.finish();
  t.deepEqual(await Promise.all(results), ['first', 'second']);
  third.finish();
  t.is(await gate(third.run), 'third');
});

test('a task that fails gives its place to the next', async (t) => {
  const gate = makeGate({ concurrency: 1, maxWaiting: 1, tooMany });
  const failing = gate(() => Promise.reject(new Error('no')));
  const next = gate(async () => 'next');
  await t.throwsAsync(failing, { message: 'no' });
  t.is(await next, 'next');
});

test('whatever comes, the bounds hold and everything let in ends', async (t) => {
  const bounds = fc.record({ concurrency: fc.integer({ min: 1, max: 4 }), maxWaiting: fc.nat({ max: 5 }) });
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(bounds, fc.nat({ max: 20 }), async ({ concurrency, maxWaiting }, count) => {
        const gate = makeGate({ concurrency, maxWaiting, tooMany });
        let [running, most] = [0, 0];
        const attempts = Array.from({ length: count }, () =>
          gate(async () => {
            running += 1;
            most = Math.max(most, running);
            await new Promise(setImmediate);
            running -= 1;
          }),
        );
        const settled = await Promise.allSettled(attempts);
        const done = settled.filter((one) => one.status === 'fulfilled').length;
        return most <= concurrency && running === 0 && done === Math.min(count, concurrency + maxWaiting);
      }),
    ),
  );
});
