import test from 'ava';
import fc from 'fast-check';
import { Refusal } from '../../../server/errors.js';
import { makeGate } from '../../../server/http/serve/bounded-gate.js';
import { makeHolds } from '../../../server/http/serve/holds.js';

const tooMany = 'Too many wait. Try again.';

/** A gate at which one may take what there is. */
const makeWholeGate = (concurrency: number, maxWaiting: number) =>
  makeGate({
    running: { ofOne: concurrency, inAll: concurrency },
    waiting: { ofOne: maxWaiting + 1, inAll: maxWaiting },
    tooMany,
  });

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
  const gate = makeWholeGate(2, 10);
  const tasks = ['a', 'b', 'c', 'd'].map(makeTask);
  const results = tasks.map((task) => gate('one', task.run));
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
  const gate = makeWholeGate(1, 1);
  const [first, second, third] = [makeTask('first'), makeTask('second'), makeTask('third')];
  const results = [gate('one', first.run), gate('one', second.run)];
  const refusal = await t.throwsAsync(gate('one', third.run), { instanceOf: Refusal });
  t.is(refusal?.code, 'OVERLOADED');
  t.true((refusal?.details.retryAfterSeconds ?? 0) > 0);
  t.false(third.hasStarted());
  first.finish();
  second.finish();
  t.deepEqual(await Promise.all(results), ['first', 'second']);
  third.finish();
  t.is(await gate('one', third.run), 'third');
});

test('a task that fails gives its place to the next', async (t) => {
  const gate = makeWholeGate(1, 1);
  const failing = gate('one', () => Promise.reject(new Error('no')));
  const next = gate('one', async () => 'next');
  await t.throwsAsync(failing, { message: 'no' });
  t.is(await next, 'next');
});

test('whatever comes, the bounds hold and everything let in ends', async (t) => {
  const bounds = fc.record({ concurrency: fc.integer({ min: 1, max: 4 }), maxWaiting: fc.nat({ max: 5 }) });
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(bounds, fc.nat({ max: 20 }), async ({ concurrency, maxWaiting }, count) => {
        const gate = makeWholeGate(concurrency, maxWaiting);
        let [running, most] = [0, 0];
        const attempts = Array.from({ length: count }, () =>
          gate('one', async () => {
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

test('callers take turns, however many of one wait, and those of one keep their order', async (t) => {
  const gate = makeGate({ running: { ofOne: 1, inAll: 1 }, waiting: { ofOne: 9, inAll: 99 }, tooMany });
  const done: string[] = [];
  const names = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'];
  await Promise.all(
    names.map((name) =>
      gate(name.charAt(0), async () => {
        await new Promise(setImmediate);
        done.push(name);
      }),
    ),
  );
  t.deepEqual(done, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
});

test('one leaves places free that others may take, and is told apart from all when refused', async (t) => {
  const gate = makeGate({ running: { ofOne: 1, inAll: 2 }, waiting: { ofOne: 1, inAll: 2 }, tooMany });
  const [a1, a2, b1, b2, c1] = ['a1', 'a2', 'b1', 'b2', 'c1'].map(makeTask) as [Task, Task, Task, Task, Task];
  const letIn = [gate('a', a1.run), gate('a', a2.run), gate('b', b1.run), gate('b', b2.run)];
  await new Promise(setImmediate);
  t.deepEqual(
    [a1, a2, b1, b2].map((task) => task.hasStarted()),
    [true, false, true, false],
  );
  const codeOf = async (caller: string) =>
    (await t.throwsAsync(gate(caller, c1.run), { instanceOf: Refusal }))?.code;
  t.deepEqual([await codeOf('a'), await codeOf('c')], ['RATE_LIMITED', 'OVERLOADED']);
  for (const task of [a1, a2, b1, b2]) {
    task.finish();
  }
  t.deepEqual(await Promise.all(letIn), ['a1', 'a2', 'b1', 'b2']);
});

test('one network has half of the places, however many of its users ask, and gets them back', async (t) => {
  const gate = makeGate({ running: { ofOne: 1, inAll: 1 }, waiting: { ofOne: 1, inAll: 4 }, tooMany });
  const codeOf = async (caller: string, network: string) =>
    (
      await t.throwsAsync(
        gate(caller, async () => {}, network),
        { instanceOf: Refusal },
      )
    )?.code;
  const tasks = ['a1', 'a2', 'a3', 'b1', 'b2'].map(makeTask);
  const letIn = tasks.map((task, index) => gate(index, task.run, index < 3 ? 'a' : 'b'));
  t.deepEqual([await codeOf('a4', 'a'), await codeOf('c1', 'c')], ['RATE_LIMITED', 'OVERLOADED']);
  for (const task of tasks) {
    task.finish();
  }
  t.deepEqual(await Promise.all(letIn), ['a1', 'a2', 'a3', 'b1', 'b2']);
  t.is(await gate('a4', async () => 'done', 'a'), 'done');
  const holds = makeHolds({ ofOne: 1, inAll: 4 }, { ofOne: 'One.', inAll: 'All.' });
  const [leave] = [holds.hold('a1', 'a'), holds.hold('a2', 'a')];
  t.like(
    t.throws(() => holds.hold('a3', 'a'), { instanceOf: Refusal }),
    { code: 'RATE_LIMITED' },
  );
  holds.hold('b1', 'b');
  leave?.();
  leave?.();
  holds.hold('a3', 'a');
  t.is(holds.held, 3);
  t.like(
    t.throws(() => holds.hold('a4', 'a'), { instanceOf: Refusal }),
    { code: 'RATE_LIMITED' },
  );
});
