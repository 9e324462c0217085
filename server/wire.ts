import type * as z from 'zod';
import type { routeTable } from './compose/app/pay-app.js';
import type * as errors from './errors.js';
import type { Answers, Route } from './http/contract/route.js';

/** The closed list of what a problem document may have as its `code`. */
export type ErrorCode = errors.ErrorCode;

/** The document of every refusal (RFC 9457). */
export type Problem = errors.ProblemJson;

/** The operations that a problem's `see` may name, for tables that have an entry for each. */
export type HelpfulOperation = errors.HelpfulOperation;

type Routes = ReturnType<typeof routeTable>[number];

/** The type that the client writes, of a member of the route that may be left out; undefined where the route takes none. */
type Sent<Member> = [NonNullable<Member>] extends [never] ? undefined : z.input<NonNullable<Member>>;

/** The type that the client reads: the JSON of any of the successful answers, undefined for one without a body. */
type Received<Given extends Answers> = {
  [Status in keyof Given]: Given[Status] extends { readonly schema: infer Schema extends z.ZodType }
    ? z.output<Schema>
    : undefined;
}[keyof Given];

/** The answer to what is no rehearsal: where there is a 201, any other answer is that to one. */
type Result<Given extends Answers> = Received<201 extends keyof Given ? Pick<Given, 201> : Given>;

/** The media types of an answer besides or instead of JSON, such as `text/csv`. */
type MediaType<Given extends Answers> = {
  [Status in keyof Given]: Given[Status] extends {
    readonly mediaTypes: readonly (infer Type extends string)[];
  }
    ? Type
    : never;
}[keyof Given];

/** The same JSON, read-only: what is sent is not changed. */
type ReadonlyJson<Json> = Json extends readonly (infer Item)[]
  ? readonly ReadonlyJson<Item>[]
  : Json extends object
    ? { readonly [Key in keyof Json]: ReadonlyJson<Json[Key]> }
    : Json;

interface Operation<One extends Route> {
  readonly params: Sent<One['params']>;
  readonly query: Sent<One['query']>;
  readonly body: ReadonlyJson<Sent<One['body']>>;
  readonly answer: Received<One['answers']>;
  /** The answer to a call that was no rehearsal. */
  readonly result: Result<One['answers']>;
  readonly mediaType: MediaType<One['answers']>;
  /**
   * The codes that are particular to the operation; those of the door (a token that is dead, a limit of the rate, …) may
   * meet any.
   */
  readonly refusals: NonNullable<One['refusals']>[number];
}

/**
 * The contract as types: of `METHOD /path`, as the table of routes writes them, what is sent and what comes back. Who names
 * a route that is not there, or a body that it does not take, does not compile.
 */
export type Operations = {
  readonly [One in Routes as `${One['method']} ${One['path']}`]: Operation<One>;
};

/** The names of the operations in the OpenAPI document. */
export type OperationName = Routes['operationId'];
