import { deepStrictEqual, strictEqual } from 'node:assert';
import fc from 'fast-check';
import { isRemembered } from '../../../../server/errors.js';
import { publicId } from '../../../../server/ids.js';
import { eventsOf } from '../../../ledger/support/events-of.js';
import type { Tables } from '../../../ledger/support/tables.js';
import { type Act, type Name, names } from './act.js';
import { actOf, anyIntent, type Intent } from './intents.js';
import { judge, type Model } from './model.js';

export interface Answer {
  readonly status: number;
  /** The body; empty where there is none. */
  readonly text: string;
  readonly isReplay: boolean;
}

/** The stage on which acts are done: the pure rules, or a server. */
export interface Stage {
  /** Shows the model what time it will be when the next act is decided. */
  tellTime(model: Model): void;
  idOf(name: Name): number;
  do(act: Act): Promise<Answer>;
  setFrozen(name: Name, isFrozen: boolean): Promise<void>;
  /** Moves the clocks: the machine's on, and how far the timestamp service is ahead of it; microseconds. */
  wait?(micros: number, ahead: number): void;
  tables(): Promise<Tables>;
  /** Throws where the rows are not sound. */
  audit(tables: Tables): void;
}

/** The play so far: what was answered under keys, to be asked for again. */
export interface Play {
  readonly stage: Stage;
  readonly keyed: { readonly act: Act; readonly answer: Answer }[];
  /** How often each verdict was met. */
  readonly seen: Map<string, number>;
}

type Command = fc.AsyncCommand<Model, Play>;

const codeOf = ({ text }: Answer): string => (text === '' ? '' : JSON.parse(text).code);

function withKey(act: Act, place: number): Act {
  const needsKey = act.is === 'pay' || act.is === 'ask' || act.is === 'accept' || act.is === 'refund';
  return needsKey ? { ...act, key: `key-${place}` } : act;
}

/** Throws where the rows are others than the model says. */
function assertState(model: Model, { stage }: Play, tables: Tables): void {
  const nameOf = new Map(names.map((name) => [stage.idOf(name), name]));
  const is = (id: number | null) => id !== null && nameOf.has(id);
  const balances = tables.accounts.flatMap(({ user_id, balance }) => {
    const name = nameOf.get(user_id ?? 0);
    return name ? [[name, BigInt(balance)] as const] : [];
  });
  deepStrictEqual(Object.fromEntries(balances), model.balances);
  deepStrictEqual(
    tables.requests
      .filter(({ payer_id }) => is(payer_id))
      .map(({ id, status }) => ({ id: publicId('req', id), status })),
    model.requests.map(({ id, status }) => ({ id, status })),
  );
  const moved = tables.payments.filter((payment) => is(payment.from_user_id));
  deepStrictEqual(
    moved.map(({ id, kind, sent_amount, received_amount }) => [
      publicId('pay', id),
      kind,
      sent_amount,
      received_amount,
    ]),
    model.payments.map(({ id, kind, sent, received }) => [id, kind, Number(sent), Number(received)]),
  );
  for (const name of names) {
    // Where a server plays, people log in and an administrator freezes; they are told of that, too.
    const told = eventsOf(tables, stage.idOf(name)).filter(
      ({ type }) => !/^(?:session|token|account)\./.test(type),
    );
    deepStrictEqual(
      told.map(({ type }) => type),
      model.told[name],
    );
  }
}

async function judgeState(model: Model, play: Play): Promise<void> {
  const tables = await play.stage.tables();
  assertState(model, play, tables);
  play.stage.audit(tables);
}

const count = ({ seen }: Play, kind: string) => void seen.set(kind, (seen.get(kind) ?? 0) + 1);

async function tryOut(model: Model, play: Play, intent: Intent): Promise<void> {
  const { stage, keyed } = play;
  stage.tellTime(model);
  const wanted = actOf(model, intent);
  if (!wanted) {
    return;
  }
  const act = withKey(wanted, keyed.length);
  const verdict = judge(model, act);
  const answer = await stage.do(act);
  const said = `${JSON.stringify(act)} → ${answer.status} ${answer.text}`;
  strictEqual(answer.isReplay, false, said);
  if (verdict.is === 'refused') {
    strictEqual(codeOf(answer), verdict.code, said);
  } else {
    strictEqual(answer.status, verdict.status, said);
    verdict.take(answer.text === '' ? null : JSON.parse(answer.text));
  }
  count(play, `${act.is} ${verdict.is === 'refused' ? verdict.code : 'accepted'}`);
  if ('key' in act && (verdict.is === 'accepted' || isRemembered(verdict.code))) {
    keyed.push({ act, answer });
  }
  await judgeState(model, play);
}

const doing = (intent: Intent): Command => ({
  check: () => true,
  run: (model, play) => tryOut(model, play, intent),
  toString: () => JSON.stringify(intent),
});

const repeating = (which: number): Command => ({
  check: () => true,
  async run(model, play) {
    const first = play.keyed[which % Math.max(play.keyed.length, 1)];
    if (first) {
      play.stage.tellTime(model);
      deepStrictEqual(await play.stage.do(first.act), { ...first.answer, isReplay: true });
      count(play, 'replay');
      await judgeState(model, play);
    }
  },
  toString: () => `repeat ${which}`,
});

const freezing = (name: Name, isFrozen: boolean): Command => ({
  check: (model) => model.frozen.has(name) !== isFrozen,
  async run(model, { stage }) {
    await stage.setFrozen(name, isFrozen);
    model.frozen[isFrozen ? 'add' : 'delete'](name);
  },
  toString: () => `${isFrozen ? 'freeze' : 'thaw'} ${name}`,
});

const waiting = (micros: number, ahead: number): Command => ({
  check: () => true,
  async run(_model, { stage }) {
    stage.wait?.(micros, ahead);
  },
  toString: () => `wait ${micros}, service ahead by ${ahead}`,
});

const someone = fc.constantFrom(...names);
const minutes = (most: number) => fc.integer({ min: 0, max: most * 60_000_000 });

/** Random interleavings of all acts, of up to so many. */
export function anyCommands(canMoveTime: boolean, most: number): fc.Arbitrary<Iterable<Command>> {
  const intent = anyIntent(canMoveTime).map(doing);
  return fc.commands(
    [
      // Said as often as is wished for: each of the list is as likely as the others.
      ...Array.from({ length: 12 }, () => intent),
      fc.nat({ max: 1_000 }).map(repeating),
      fc.tuple(someone, fc.constantFrom(true, false)).map((given) => freezing(...given)),
      ...(canMoveTime
        ? [
            fc
              .tuple(minutes(2), fc.constantFrom(0, 290_000_000, -290_000_000))
              .map((given) => waiting(...given)),
            minutes(90).map((micros) => waiting(micros, 0)),
          ]
        : []),
    ],
    { maxCommands: most, size: 'max' },
  );
}
