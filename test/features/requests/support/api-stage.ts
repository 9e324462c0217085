import { deepStrictEqual } from 'node:assert';
import { rowNumber } from '../../../../server/ids.js';
import { changeUser, newAdmin } from '../../../api/support/admins.js';
import type { ApiServer } from '../../../api/support/api-server.js';
import type { Asked } from '../../../api/support/client.js';
import { asScript, freshName, newPerson, type Person } from '../../../api/support/people.js';
import { auditBalances } from '../../../ledger/support/audit.js';
import { readTables } from '../../../program/support/tables.js';
import { type Act, type Name, names, people } from './act.js';
import { amountText } from './model.js';
import type { Stage } from './play.js';

interface Actor {
  readonly person: Person;
  readonly script: Person;
}

/** The four people on a server, each in a session and with a script's token. */
async function enrol(server: ApiServer): Promise<Readonly<Record<Name, Actor>>> {
  const actors = await Promise.all(
    names.map(async (name) => {
      const person = await newPerson(server, people[name].currency, name);
      return [name, { person, script: await asScript(server, person) }] as const;
    }),
  );
  return Object.fromEntries(actors) as Record<Name, Actor>;
}

function bodyOf(act: Act, nameOf: (name: Name) => string): object | undefined {
  switch (act.is) {
    case 'pay':
      return {
        ...{ to: nameOf(act.to), amount: amountText(BigInt(act.money.minor), act.money.currency) },
        ...{ currency: act.money.currency, memo: act.memo, confirmDuplicateOf: act.confirms },
      };
    case 'ask':
      return {
        ...{ from: nameOf(act.from), amount: amountText(BigInt(act.money.minor), act.money.currency) },
        ...{ currency: act.money.currency, memo: act.memo, confirmDuplicateOf: act.confirms },
      };
    case 'accept':
      return act.maxDebit === undefined
        ? {}
        : { maxDebit: amountText(BigInt(act.maxDebit), people[act.by].currency) };
    case 'decline':
      return {};
    case 'refund':
      return { amount: act.amount, confirmDuplicateOf: act.confirms };
    default:
      return undefined;
  }
}

function pathOf(act: Act, nameOf: (name: Name) => string): string {
  switch (act.is) {
    case 'pay':
      return '/v1/payments';
    case 'ask':
      return '/v1/requests';
    case 'refund':
      return `/v1/payments/${act.payment}/refunds`;
    case 'block':
    case 'unblock':
      return `/v1/blocks/${nameOf(act.whom)}`;
    default:
      return `/v1/requests/${act.request}/${act.is}`;
  }
}

/** Newly registered people on a server, who act over HTTPS. */
export async function makeApiStage(server: ApiServer): Promise<Stage> {
  const actors = await enrol(server);
  const admin = await newAdmin(server);
  const nameOf = (name: Name) => actors[name].person.username;
  const runKey = freshName('run');

  function askedOf(act: Act): Asked {
    if (!('by' in act)) {
      throw new Error(`Nobody can ${act.is} over HTTPS.`);
    }
    const { person, script } = actors[act.by];
    const isScript = 'isPerson' in act && !act.isPerson;
    const send = bodyOf(act, nameOf);
    return {
      method: act.is === 'block' ? 'PUT' : act.is === 'unblock' ? 'DELETE' : 'POST',
      token: (isScript ? script : person).token,
      ...('key' in act && act.key !== undefined && { key: `${runKey}-${act.key}` }),
      ...(send && { send }),
    };
  }

  return {
    tellTime() {},
    idOf: (name) => rowNumber('usr', actors[name].person.id) ?? 0,
    async do(act) {
      const { status, text, headers } = await server.ask(pathOf(act, nameOf), askedOf(act));
      return { status, text, isReplay: headers['idempotency-replayed'] === 'true' };
    },
    async setFrozen(name, isFrozen) {
      const status = isFrozen ? 'frozen' : 'active';
      const { status: answered } = await changeUser(server, admin, actors[name].person, { status });
      if (answered !== 200) {
        throw new Error(`${name} cannot be made ${status}.`);
      }
    },
    tables: () => readTables(server.dataDir),
    audit: (tables) => deepStrictEqual(auditBalances(tables), []),
  };
}
