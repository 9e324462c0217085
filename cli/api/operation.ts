import assert from 'node:assert';
import type { Operations } from '../../server/wire.js';
import { Failure } from '../failure/failure.js';
import type { Call } from './call.js';

/** The name of an operation of the contract: `METHOD /path`. */
export type Name = keyof Operations;

/** The operations that are rehearsed, and then done at most once under a key. */
export type KeyedName = {
  [One in Name]: Operations[One]['body'] extends { readonly dryRun?: boolean | undefined } ? One : never;
}[Name];

/** The body that an operation takes. */
export type Body<One extends Name> = Operations[One]['body'];

/** The body of an act that moves money or asks for it, as it is agreed to: without what only a rehearsal has, and nothing null. */
export type Act<One extends KeyedName> = Agreed<Body<One>>;

type Agreed<Whole> = {
  readonly [Key in keyof Whole as Exclude<Key, 'dryRun'>]: Exclude<Whole[Key], null | undefined>;
};

/** The answer of an operation. */
export type Answer<One extends Name> = Operations[One]['answer'];

/** The answer of an operation that was no rehearsal. */
export type Result<One extends Name> = Operations[One]['result'];

/** One member of what is sent: not there at all where the operation takes none, and it may be left out where nothing in it is needed. */
type Sent<Key extends string, Value> = [Value] extends [undefined]
  ? { readonly [One in Key]?: never }
  : object extends Value
    ? { readonly [One in Key]?: Value }
    : { readonly [One in Key]: Value };

/** A query, in which a member that is undefined is not sent. */
type Lenient<Query> = [Query] extends [undefined]
  ? undefined
  : { readonly [Key in keyof Query]: Query[Key] | undefined };

/** The parameters in an operation's path. */
export type Params<One extends Name> = Sent<'params', Operations[One]['params']>;

type ParamsRest<One extends Name> = object extends Params<One> ? [] : [given: Params<One>];

/** What the caller gives to an operation, as the table of routes has it, beside how the call is made. */
export type Given<One extends Name> = Omit<Call, 'method' | 'path' | 'query' | 'body'> &
  Params<One> &
  Sent<'query', Lenient<Operations[One]['query']>> &
  Sent<'body', Body<One>>;

/** The arguments after an operation's name: none where it needs nothing. */
export type Rest<One extends Name> = object extends Given<One> ? [given?: Given<One>] : [given: Given<One>];

/** Calls an operation of the contract by its name; what is sent and what comes back follow from it. @throws Failure */
export type CallOperation = <One extends Name>(name: One, ...rest: Rest<One>) => Promise<Answer<One>>;

/** The operations that answer with something else than JSON, too. */
export type StreamName = {
  [One in Name]: [Operations[One]['mediaType']] extends [never] ? never : One;
}[Name];

/** The arguments after the name of an operation whose answer is read as it arrives: in which of its media types, and what it is given. */
type StreamRest<One extends StreamName> = [accept: Operations[One]['mediaType'], ...Rest<One>];

/** The body of the good answer of such an operation as it arrives. @throws Failure */
export type StreamOperation = <One extends StreamName>(
  name: One,
  ...rest: StreamRest<One>
) => Promise<AsyncIterable<string>>;

/** A page of a list, as the contract has it for lists of anything. */
export interface Page<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
  /** How many there are in all, where that was asked; null where there are too many to be counted. */
  readonly total?: number | null | undefined;
}

/** The operations that give a list in pages. */
export type ListName = { [One in Name]: Answer<One> extends Page<unknown> ? One : never }[Name];

/** The lists that are also given whole, as CSV or with the JSON of one item a line. */
export type WholeListName = {
  [One in ListName]: 'text/csv' extends Operations[One]['mediaType'] ? One : never;
}[ListName];

/** The items that a list is of. */
export type Item<One extends ListName> = Answer<One> extends Page<infer Found extends object> ? Found : never;

/** The filters that a list takes. */
export type Filters<One extends ListName> = Omit<
  Lenient<Operations[One]['query']>,
  'limit' | 'cursor' | 'count'
>;

/** The arguments of an operation, whichever it is. */
export type Loose = Omit<Call, 'method' | 'path'> & { readonly params?: Readonly<Record<string, string>> };

/** Where an act is sent, with the types of what is sent there and of what comes back. */
export interface Target<Sent extends object = object, Result = unknown> {
  readonly method: 'POST';
  readonly path: string;
  /** The types alone: it is never there. */
  readonly types?: { readonly sent: Sent; readonly result: Result };
}

/** Where an operation that moves money, or asks for it, is sent. */
export function targetOf<One extends KeyedName>(
  name: One,
  ...[given]: ParamsRest<One>
): Target<Act<One>, Result<One>> {
  const { method, path } = callOf(name, given as Loose | undefined);
  assert(method === 'POST', 'what is done at most once is a POST');
  return { method, path };
}

/** The parameters of the path where a call is one of this operation; undefined where it is not. */
export function paramsIn(
  name: string,
  { method, path }: Pick<Call, 'method' | 'path'>,
): Readonly<Record<string, string>> | undefined {
  const pattern = name.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const found = new RegExp(`^${pattern}$`).exec(`${method} ${path}`);
  return found ? { ...found.groups } : undefined;
}

/**
 * The call that an operation's name and what is given to it stand for. Nothing where a path has an id or a name, such as a script's
 * variable that was never set, would be the path of something else.
 * @throws Failure (usage)
 */
export function callOf(name: Name, { params = {}, ...given }: Loose = {}): Call {
  const [method, template] = name.split(' ', 2);
  assert(method !== undefined && template !== undefined, 'an operation is a method and a path');
  const path = template.replaceAll(/\{(\w+)\}/g, (_whole, key: string) => {
    const value = params[key];
    assert(value !== undefined, `the path needs its ${key}`);
    if (value === '') {
      throw new Failure('usage', '"" is neither an id nor a name.');
    }
    return encodeURIComponent(value);
  });
  return { ...given, method: method as Call['method'], path };
}
