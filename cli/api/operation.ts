import assert from 'node:assert';
import type { Operations } from '../../server/wire.js';
import type { Call } from './api.js';

type Name = keyof Operations;

/** What is sent of one member: not at all where the operation takes none, and it may be left out where nothing in it is needed. */
type Sent<Key extends string, Value> = [Value] extends [undefined]
  ? { readonly [One in Key]?: never }
  : object extends Value
    ? { readonly [One in Key]?: Value }
    : { readonly [One in Key]: Value };

/** A query, in which a member that is undefined is not sent. */
type Lenient<Query> = [Query] extends [undefined]
  ? undefined
  : { readonly [Key in keyof Query]: Query[Key] | undefined };

/** What the caller gives to an operation, as the table of routes has it, beside how the call is made. */
export type Given<One extends Name> = Omit<Call, 'method' | 'path' | 'query' | 'body'> &
  Sent<'params', Operations[One]['params']> &
  Sent<'query', Lenient<Operations[One]['query']>> &
  Sent<'body', Operations[One]['body']>;

/** The arguments after an operation's name: none where it needs nothing. */
export type Rest<One extends Name> = object extends Given<One> ? [given?: Given<One>] : [given: Given<One>];

/** Calls an operation of the contract by its name; what is sent and what comes back follow from it. @throws Failure */
export type CallOperation = <One extends Name>(
  name: One,
  ...rest: Rest<One>
) => Promise<Operations[One]['answer']>;

/** What is given to an operation, whichever it is. */
export type Loose = Omit<Call, 'method' | 'path'> & { readonly params?: Readonly<Record<string, string>> };

/** The call that an operation's name and what is given to it stand for. */
export function callOf(name: Name, { params = {}, ...given }: Loose = {}): Call {
  const [method, template] = name.split(' ', 2);
  assert(method !== undefined && template !== undefined, 'an operation is a method and a path');
  const path = template.replaceAll(/\{(\w+)\}/g, (_whole, key: string) => {
    const value = params[key];
    assert(value !== undefined, `the path needs its ${key}`);
    return encodeURIComponent(value);
  });
  return { ...given, method: method as Call['method'], path };
}
