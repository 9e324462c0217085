import anyTest, { type TestFn } from 'ava';
import { execa } from 'execa';
import type { RequestJson } from '../../../server/features/requests/wire.js';
import { type LastingPayServer, startPayServer } from '../support/pay-server.js';
import { type Person, registerInside } from '../support/person.js';
import { startRelay } from '../support/relay.js';
import { payProgram, runPay } from '../support/run-pay.js';
import { runInTerminal } from '../support/terminal.js';
import { startWatching } from '../support/watcher.js';

const test = anyTest as TestFn<{ server: LastingPayServer }>;

test.before(async (t) => {
  t.context = { server: await startPayServer() };
});

test.after.always(async (t) => {
  await t.context.server?.stop();
});

const list = async (person: Person, ...words: string[]) =>
  (await person.json('requests', ...words)) as RequestJson[];
const ask = async (person: Person, ...words: string[]) =>
  (await person.json('request', ...words)) as RequestJson;
const balance = async (person: Person) => ((await person.json('balance')) as { amount: string }).amount;

test('what the payer does not hold cannot be asked for, and nothing is said of what that is', async (t) => {
  const { server } = t.context;
  const poor = await registerInside(server, 'poor', 'GBP');
  const greedy = await registerInside(server, 'greedy', 'GBP');
  const refused = await greedy.pay('request', 'poor', '1000.01');
  t.is(refused.status, 1);
  t.regex(refused.stderr, /poor does not have that much now/);
  t.notRegex(refused.stderr, /pay balance|1000\.00/);
  t.deepEqual(await list(poor), []);
  t.is((await ask(greedy, 'poor', '1000')).status, 'pending');
});

test('a refund that takes the last of what arrived shows beforehand that all comes back', async (t) => {
  const { server } = t.context;
  const yen = await registerInside(server, 'yen', 'JPY');
  const penny = await registerInside(server, 'penny', 'GBP');
  const { id } = (await yen.json('send', 'penny', '3', '--yes')) as { id: string };
  const shown = (await penny.json('refund', id, '1', '--dry-run')) as { received: object };
  t.deepEqual(shown.received, { amount: '3', currency: 'JPY' });
});

test('carol asks, alice declines with a reason, bob accepts across currencies, a part is refunded, and both watch it live', async (t) => {
  const { server } = t.context;
  const alice = await registerInside(server, 'alice', 'GBP');
  const bob = await registerInside(server, 'bob', 'USD');
  const carol = await registerInside(server, 'carol', 'EUR');
  const [bobSees, carolSees] = [await startWatching(bob), await startWatching(carol)];

  const ofAlice = await ask(carol, 'alice', '30', '--memo', 'dinner');
  const ofBob = await ask(carol, 'bob', '30', '--memo', 'dinner', '--expires', '7d');
  t.is(ofBob.status, 'pending');
  t.deepEqual(
    (await list(alice)).map(({ id }) => id),
    [ofAlice.id],
  );

  const declined = await alice.pay('requests', 'decline', ofAlice.id, '--reason', 'paid cash');
  t.is(declined.status, 0, declined.stderr);
  const accepted = (await bob.json('requests', 'accept', ofBob.id, '--yes')) as {
    request: RequestJson;
    payment: { id: string; sent: object; kind: string };
  };
  t.is(accepted.request.status, 'paid');
  t.deepEqual(accepted.payment.sent, { amount: '31.69', currency: 'USD' });
  t.is(await balance(carol), '1232.50');

  const refund = (await carol.json('refund', accepted.payment.id, '10', '--reason', 'too much', '--yes')) as {
    kind: string;
    received: object;
    refundOf: string;
  };
  t.is(refund.kind, 'refund');
  t.is(refund.refundOf, accepted.payment.id);
  t.deepEqual(refund.received, { amount: '10.00', currency: 'USD' });
  t.is(await balance(bob), '1248.31');

  await bobSees.sees(2);
  await carolSees.sees(2);
  const [ofBobsEnd, ofCarolsEnd] = [await bobSees.interrupt(), await carolSees.interrupt()];
  t.deepEqual(
    ofBobsEnd.events.map(({ type }) => type),
    ['request.received', 'refund.received'],
  );
  t.deepEqual(
    ofCarolsEnd.events.map(({ type, data }) => [type, data.reason]),
    [
      ['request.declined', 'paid cash'],
      ['request.paid', null],
    ],
  );
  t.is(ofBobsEnd.status, 130);

  t.deepEqual(await list(carol), []);
  t.deepEqual(
    (await list(carol, '--all')).map(({ status }) => status),
    ['paid', 'declined'],
  );
  t.is((await bob.pay('requests', 'accept', ofBob.id, '--yes')).status, 1);
  t.is((await alice.pay('requests', 'show', ofBob.id)).status, 3);
});

test('requests are listed by side, status, user and time', async (t) => {
  const { server } = t.context;
  const [ada, ben] = [await registerInside(server, 'ada', 'GBP'), await registerInside(server, 'ben', 'GBP')];
  await registerInside(server, 'cyd', 'GBP');
  const one = await ask(ada, 'ben', '1');
  const two = await ask(ada, 'cyd', '2');
  const three = await ask(ben, 'ada', '3');
  const ids = async (...words: string[]) => (await list(ada, ...words)).map(({ id }) => id);
  t.deepEqual(await ids(), [three.id, two.id, one.id]);
  t.deepEqual(await ids('--incoming'), [three.id]);
  t.deepEqual(await ids('--direction', 'outgoing'), [two.id, one.id]);
  t.deepEqual(await ids('--with', 'ben'), [three.id, one.id]);
  t.is((await ada.pay('requests', 'cancel', two.id)).status, 0);
  t.deepEqual(await ids('--outgoing'), [one.id]);
  t.deepEqual(await ids('--status', 'cancelled'), [two.id]);
  t.deepEqual(await ids('--all', '--outgoing'), [two.id, one.id]);
  t.deepEqual(await ids('--limit', '1'), [three.id]);
  t.deepEqual(await ids('--until', '2020-01-01'), []);
  t.is((await ada.pay('requests', '--incoming', '--outgoing')).status, 2);
  t.is((await ada.pay('requests', 'remind', one.id)).status, 0);
  t.is((await ada.pay('requests', 'remind', one.id)).status, 1);
  t.is((await ben.pay('requests', 'cancel', one.id)).status, 5);
  const row = (await ben.pay('requests', '--incoming')).stdout.split('\n')[0]?.split('\t');
  t.deepEqual(row?.toSpliced(7, 1).toSpliced(1, 1), [
    one.id,
    'pending',
    'incoming',
    'ada',
    '1.00',
    'GBP',
    '',
    '',
  ]);
  const home = (await ben.json('home')) as { requests: RequestJson[] };
  t.deepEqual(
    home.requests.map(({ id }) => id),
    [one.id],
  );
});

test('without a terminal an answer names the request, and paying needs a yes', async (t) => {
  const dan = await registerInside(t.context.server, 'dan', 'GBP');
  for (const verb of ['show', 'decline', 'cancel', 'remind']) {
    const { status, stderr } = await dan.pay('requests', verb);
    t.is(status, 2, verb);
    t.regex(stderr, /<id>/);
  }
  const accept = await dan.pay('requests', 'accept');
  t.is(accept.status, 2);
  t.regex(accept.stderr, /<id> and --yes/);
  t.is((await dan.pay('refund')).status, 2);
  t.is((await dan.pay('requests', 'accept', 'req_nonsense', '--yes')).status, 3);
  t.is((await dan.pay('refund', 'pay_nonsense', '--yes')).status, 3);
});

test('paying a request within a limit that it breaks is refused, and it stays pending', async (t) => {
  const { server } = t.context;
  const [eva, fin] = [await registerInside(server, 'eva', 'USD'), await registerInside(server, 'fin', 'GBP')];
  const { id } = await ask(eva, 'fin', '12.70');
  const low = ['requests', 'accept', id, '--max', '9.99'];
  const refused = await fin.pay(...low, '--yes');
  t.is(refused.status, 1);
  t.regex(refused.stderr, /→ Raise --max, or leave it out\.\n$/);
  const asked = runInTerminal(low, fin.environment);
  await asked.sees('Raise --max, or leave it out.');
  t.is(await asked.ended, 1);
  t.is((await list(fin))[0]?.status, 'pending');
  const paid = await fin.pay('requests', 'accept', id, '--max', '10', '--memo', 'mine', '--yes');
  t.is(paid.status, 0, paid.stderr);
  t.is(await balance(fin), '990.00');
});

test('a key pays a request once, and the second time says so', async (t) => {
  const { server } = t.context;
  const [gus, hal] = [await registerInside(server, 'gus', 'GBP'), await registerInside(server, 'hal', 'GBP')];
  const { id } = await ask(gus, 'hal', '10');
  const words = ['requests', 'accept', id, '--yes', '--key', 'my key/1'.replace(' ', '-')];
  t.is((await hal.pay(...words)).status, 0);
  const again = await hal.pay(...words);
  t.is(again.status, 0, again.stderr);
  t.regex(again.stderr, /it was not made again/);
  t.is(await balance(hal), '990.00');
});

test('a refund gives back once under its key, all that is left by default, and no more', async (t) => {
  const { server } = t.context;
  const [ira, jan] = [await registerInside(server, 'ira', 'GBP'), await registerInside(server, 'jan', 'USD')];
  const { id } = (await ira.json('send', 'jan', '10', '--yes')) as { id: string };
  for (const _ of [1, 2]) {
    t.is((await jan.pay('refund', id, '3.33', '--yes', '--key', 'once')).status, 0);
  }
  t.is(await balance(ira), '993.33');
  t.is((await jan.pay('refund', id, '6.68', '--yes')).status, 1);
  t.is((await jan.pay('refund', id, '0.001', '--yes')).status, 2);
  t.is((await jan.pay('refund', id, '--yes')).status, 0);
  t.is(await balance(ira), '1000.00');
  t.is(await balance(jan), '1270.00');
  t.is((await jan.pay('refund', id, '--yes')).status, 1);
  t.is((await ira.pay('refund', id, '--yes')).status, 1);
});

test('a refund whose answer stays out is settled by the command that it names', async (t) => {
  const { server } = t.context;
  const relay = await startRelay(server);
  t.teardown(() => relay.stop());
  const [kay, lou] = [await registerInside(server, 'kay', 'GBP'), await registerInside(relay, 'lou', 'GBP')];
  const { id } = (await kay.json('send', 'lou', '10', '--yes')) as { id: string };
  relay.break([], 'lose-answer');
  const open = await lou.pay('refund', id, '4', '--reason', "it's yours", '--yes');
  t.is(open.status, 7, open.stderr);
  t.true(open.stderr.includes(`4 of the payment ${id} was given back`));
  t.is((await lou.pay('refund', id, '4', '--yes')).status, 7);
  relay.break([]);
  const key = /--key (\S+)/.exec(open.stderr)?.[1] ?? '';
  const settled = await lou.pay('refund', id, '4', '--reason', "it's yours", '--key', key, '--yes');
  t.is(settled.status, 0, settled.stderr);
  t.is(await balance(kay), '994.00');
});

test('a bill is shared to the penny, and the one who asks can have a share', async (t) => {
  const { server } = t.context;
  const mia = await registerInside(server, 'mia', 'GBP');
  for (const name of ['ned', 'oda', 'pia']) {
    await registerInside(server, name, 'GBP');
  }
  const split = async (...words: string[]) =>
    ((await mia.json('request', ...words, '--split')) as unknown as RequestJson[]).map(
      ({ payer, amount, memo }) => [payer, amount.amount, memo],
    );
  t.deepEqual(await split('ned', 'oda', 'pia', '100', '--memo', 'dinner'), [
    ['ned', '33.34', 'dinner'],
    ['oda', '33.33', 'dinner'],
    ['pia', '33.33', 'dinner'],
  ]);
  t.deepEqual(await split('ned', 'oda', '90', 'gbp', '--include-me'), [
    ['ned', '30.00', null],
    ['oda', '30.00', null],
  ]);
  const several = await mia.pay('request', 'ned', 'oda', '90');
  t.is(several.status, 2);
  t.regex(several.stderr, /--split/);
  t.is((await mia.pay('request', 'ned')).status, 2);
  t.is((await mia.pay('request', 'ned', '1e3')).status, 2);
  t.is((await list(mia, '--outgoing', '--limit', '100')).length, 5);
});

test('all names of a bill are checked before anybody is asked', async (t) => {
  const { server } = t.context;
  const [qi, ray] = [await registerInside(server, 'qi', 'GBP'), await registerInside(server, 'ray', 'GBP')];
  const words = ['request', 'ray', 'nobody-here', 'nor-here', '9', '--split', '--memo', 'tea time'];
  for (const more of [['--yes'], []]) {
    const run = await qi.pay(...words, ...more, '--json');
    t.is(run.status, 3);
    t.is(run.stdout, '');
    const problem = JSON.parse(run.stderr) as { code: string; refused: { from: string }[] };
    t.is(problem.code, 'USER_NOT_FOUND');
    t.deepEqual(
      problem.refused.map(({ from }) => from),
      ['nobody-here', 'nor-here'],
    );
  }
  t.deepEqual(await list(ray), []);
  t.deepEqual(await list(qi), []);
  t.deepEqual(((await qi.json('home')) as { unsettled: string[] }).unsettled, []);
});

test('a share that is refused when it is asked does not keep the others from being asked', async (t) => {
  const { server } = t.context;
  const [quin, rob] = [
    await registerInside(server, 'quin', 'GBP'),
    await registerInside(server, 'rob', 'GBP'),
  ];
  await registerInside(server, 'sal', 'GBP');
  t.is((await quin.pay('request', 'sal', '5', '--memo', 'tea time')).status, 0);
  const run = await quin.pay('request', 'sal', 'rob', '10', '--split', '--memo', 'tea time', '--json');
  t.is(run.status, 1);
  t.deepEqual(
    (JSON.parse(run.stdout) as RequestJson[]).map(({ payer }) => payer),
    ['rob'],
  );
  const problem = JSON.parse(run.stderr) as { code: string; refused: { from: string }[]; next: string[] };
  t.is(problem.code, 'POSSIBLE_DUPLICATE');
  t.deepEqual(
    problem.refused.map(({ from }) => from),
    ['sal'],
  );
  t.regex(problem.next[0] ?? '', /^pay request <user> 5\.00 GBP --memo 'tea time' --confirm-duplicate req_/);
  t.is((await list(rob)).length, 1);
});

for (const [signal, status] of [
  ['SIGINT', 7],
  ['SIGKILL', undefined],
] as const) {
  test(`a bill that ${signal} interrupts is completed by the same command, and nobody is asked twice`, async (t) => {
    const { server } = t.context;
    const relay = await startRelay(server);
    t.teardown(() => relay.stop());
    const names = ['x', 'y', 'z'].map((letter) => `${letter}-${signal.toLowerCase()}`);
    const asker = await registerInside(relay, `asker-${signal.toLowerCase()}`, 'GBP');
    for (const name of names) {
      await registerInside(server, name, 'GBP');
    }
    const words = ['request', ...names, '10', '--split', '--expires', '7d', '--json'];
    relay.break(['none'], 'hold-answer');
    const running = execa(process.execPath, [payProgram, ...words], {
      env: asker.environment,
      extendEnv: false,
      reject: false,
    });
    await relay.held;
    running.kill(signal);
    const interrupted = await running;
    t.is(interrupted.exitCode, status);
    t.is((await list(asker, '--outgoing')).length, 2);
    const { unsettled } = (await asker.json('home')) as { unsettled: string[] };
    t.is(unsettled.length, 1);
    if (status !== undefined) {
      const problem = JSON.parse(interrupted.stderr) as { asked: string[]; settle: string };
      t.deepEqual(problem.asked, names.slice(0, 1));
      t.deepEqual(unsettled, [problem.settle]);
    }

    relay.break([]);
    const again = await asker.pay(...words);
    t.is(again.status, 0, again.stderr);
    const asked = await list(asker, '--outgoing');
    t.deepEqual(asked.map(({ payer, amount }) => `${payer} ${amount.amount}`).toSorted(), [
      `${names[0]} 3.34`,
      `${names[1]} 3.33`,
      `${names[2]} 3.33`,
    ]);
    t.deepEqual(((await asker.json('home')) as { unsettled: string[] }).unsettled, []);
    // Once it is complete the same words mean a new bill, which so soon must be said to be meant.
    t.is((await asker.pay(...words)).status, 1);
    t.is((await list(asker, '--outgoing')).length, 3);
    t.is((await asker.pay(...words, '--confirm-duplicate', '*')).status, 0);
    t.is((await list(asker, '--outgoing')).length, 6);
  });
}

test('a bill whose network breaks is completed by the command that it names, on another computer, too', async (t) => {
  const { server } = t.context;
  const relay = await startRelay(server);
  t.teardown(() => relay.stop());
  const sue = await registerInside(relay, 'sue', 'GBP');
  for (const name of ['tom', 'uma']) {
    await registerInside(server, name, 'GBP');
  }
  relay.break(['none'], 'lose-answer');
  const open = await sue.pay('request', 'tom', 'uma', '9', '--split', '--expires', '7d');
  t.is(open.status, 7, open.stderr);
  t.regex(open.stderr, /Asked so far: tom\./);
  relay.break([]);
  const command = /pay (request .*)$/m.exec(open.stderr)?.[1] ?? '';
  const token = (
    (await sue.json('tokens', 'create', '--name', 'x', '--scopes', 'read,request')) as {
      token: string;
    }
  ).token;
  const elsewhere = { ...sue.environment, PAY_TOKEN: token, PAY_CONFIG_DIR: `${sue.folder}/elsewhere` };
  const words = command.replace(/--profile \S+/, `--fingerprint ${relay.fingerprint}`).split(' ');
  const settled = await runPay(words, elsewhere);
  t.is(settled.status, 0, settled.stderr);
  t.is((await list(sue, '--outgoing')).length, 2);
});

test('whoever is blocked can neither ask nor pay, until unblocked', async (t) => {
  const { server } = t.context;
  const [vic, wes] = [await registerInside(server, 'vic', 'GBP'), await registerInside(server, 'wes', 'GBP')];
  t.is((await vic.pay('block', 'wes')).status, 0);
  t.regex((await vic.pay('blocks')).stdout, /^wes\t/);
  for (const words of [
    ['send', 'vic', '1', '--yes'],
    ['request', 'vic', '1'],
  ]) {
    const { status, stderr } = await wes.pay(...words);
    t.is(status, 1);
    t.notRegex(stderr, /block/i);
  }
  t.is((await vic.pay('unblock', 'wes')).status, 0);
  t.is((await vic.pay('blocks')).stdout, '');
  t.is((await wes.pay('request', 'vic', '1')).status, 0);
  t.is((await vic.pay('block', 'nobody-here')).status, 3);
  t.is((await vic.pay('block')).status, 2);
});

test('the same payment again within minutes needs to be said to be meant', async (t) => {
  const { server } = t.context;
  const xia = await registerInside(server, 'xia', 'GBP');
  await registerInside(server, 'yul', 'GBP');
  const { id } = (await xia.json('send', 'yul', '10', '--yes')) as { id: string };
  const refused = await xia.pay('send', 'yul', '10', '--yes');
  t.is(refused.status, 1);
  t.true(refused.stderr.includes(`--confirm-duplicate ${id}`));
  const dry = await xia.pay('send', 'yul', '10', '--dry-run', '--json');
  t.is(dry.status, 1);
  t.is((JSON.parse(dry.stderr) as { duplicateOf: string }).duplicateOf, id);
  t.is((await xia.pay('send', 'yul', '10', '--yes', '--confirm-duplicate', id)).status, 0);
  t.is(await balance(xia), '980.00');
});

test('an answer from the wrong side, or to a request that is closed, says where to look or what to do', async (t) => {
  const { server } = t.context;
  const olga = await registerInside(server, 'olga', 'GBP');
  const pete = await registerInside(server, 'pete', 'GBP');
  const { id } = await ask(olga, 'pete', '5');
  for (const [person, ...words] of [
    [olga, 'accept', id, '--yes'],
    [olga, 'decline', id],
    [pete, 'cancel', id],
    [pete, 'remind', id],
  ] as const) {
    const { status, stderr } = await person.pay('requests', ...words);
    t.is(status, 5, stderr);
    t.regex(stderr, /\n {2}→ See who asks whom: pay requests --all\n$/);
  }
  const own = runInTerminal(['requests', 'accept', id], olga.environment, 100);
  t.is(await own.ended, 5);
  t.regex(own.text(), new RegExp(`→ To take it back: pay requests cancel ${id}\\r\\n`));
  t.is((await olga.pay('requests', 'cancel', id)).status, 0);
  const late = runInTerminal(['requests', 'accept', id], pete.environment, 100);
  t.is(await late.ended, 1);
  t.regex(late.text(), new RegExp(`→ See how it ended: pay requests show ${id}\\r\\n`));
});

test('the opening credit cannot be given back, and that is said in words that people know', async (t) => {
  const { server } = t.context;
  const quinn = await registerInside(server, 'quinn', 'GBP');
  const [opening] = (await quinn.json('history')) as readonly { readonly id: string }[];
  const { status, stderr } = await quinn.pay('refund', opening?.id ?? '', '--yes');
  t.is(status, 1);
  t.is(stderr, '✗ Neither a refund nor an adjustment nor an opening credit can be given back.\n');
});
