import type { Command, Option } from 'commander';
import { periodWords } from '../terminal/period.js';
import type { LiveKind } from './live-values.js';

/** The kind of a value: of these kinds, one of these words, or a file. */
export interface ValueKind {
  readonly live?: readonly LiveKind[];
  readonly words?: readonly string[];
  readonly isFile?: true;
}

const contact: ValueKind = { live: ['contact'] };
const currency: ValueKind = { live: ['currency'] };
const profile: ValueKind = { live: ['profile'] };
const incoming: ValueKind = { live: ['incoming-request'] };
const outgoing: ValueKind = { live: ['outgoing-request'] };
const collection: ValueKind = { live: ['collection'] };
const webhook: ValueKind = { live: ['webhook'] };
const account: ValueKind = { live: ['account'] };
const file: ValueKind = { isFile: true };

/** The kinds of values by the words of the command and the name of the value; or by the first word or the name alone. */
const kinds: Readonly<Record<string, ValueKind>> = {
  user: contact,
  currency,
  collection,
  csv: file,
  file,
  scopes: { words: ['read', 'request', 'pay', 'read,request', 'read,pay', 'read,request,pay'] },
  'admin user': account,
  'api method': { words: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
  'collect from': contact,
  'collect name': collection,
  'convert from': currency,
  'convert to': currency,
  period: { words: periodWords },
  'balance at': { words: periodWords },
  'balance chart': { words: ['30d', '90d', ...periodWords] },
  'profiles name': profile,
  'refund id': { live: ['received-payment'] },
  'refund confirm-duplicate': { live: ['payment'] },
  'request confirm-duplicate': outgoing,
  'request words': { live: ['contact', 'currency'] },
  'requests accept id': incoming,
  'requests cancel id': outgoing,
  'requests decline id': incoming,
  'requests remind id': outgoing,
  'requests show id': { live: ['incoming-request', 'outgoing-request'] },
  'send confirm-duplicate': { live: ['payment'] },
  'sessions end id': { live: ['session'] },
  'show id': { live: ['payment', 'incoming-request', 'outgoing-request'] },
  'tokens revoke id': { live: ['token'] },
  'unblock user': { live: ['blocked'] },
  'webhooks id': webhook,
};

function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

function find(command: Command, names: readonly string[]): ValueKind {
  const path = pathOf(command);
  const keys = [path, path.slice(0, 1), []].flatMap((words) =>
    names.map((name) => [...words, name].join(' ')),
  );
  const key = keys.find((one) => Object.hasOwn(kinds, one));
  return (key !== undefined && kinds[key]) || {};
}

/** The kind of an option's value. */
export function kindOfOption(command: Command, option: Option): ValueKind {
  if (option.argChoices) {
    return { words: option.argChoices };
  }
  if (option.long === '--profile') {
    return profile;
  }
  const name = /[<[]([\w-]+)/.exec(option.flags)?.[1] ?? '';
  return find(command, [option.name(), name]);
}

/** The kind of an operand's value. */
export function kindOfOperand(
  command: Command,
  argument: { name(): string; argChoices?: string[] },
): ValueKind {
  return argument.argChoices ? { words: argument.argChoices } : find(command, [argument.name()]);
}
