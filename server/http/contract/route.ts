import type { Readable } from 'node:stream';
import type * as z from 'zod';
import type { ErrorCode } from '../../errors.js';
import type { LimitName } from '../../rate-figures.js';

export const scopes = ['pay', 'request', 'read', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** The user who calls, as the credential of the request says. */
export interface Viewer {
  readonly userId: number;
  readonly username: string;
  /** The ISO 4217 code of the currency that the user's account is kept in. */
  readonly currency: string;
  /** A frozen administrator is a user at the door. */
  readonly role: 'user' | 'admin';
  /** After a reset by an administrator: everything but changing the password is refused. */
  readonly mustChangePassword: boolean;
  readonly credential: {
    readonly kind: 'session' | 'token';
    readonly id: number;
    /** What a personal token may do; a session has all that its user may do. */
    readonly scopes: readonly Scope[];
  };
}

/**
 * Who may call a route: anyone; a user whose credential has the scope, or both scopes; a user in a session (never a personal
 * token), or an administrator in one; with `evenWhenPasswordExpired`, also one who must change the password first.
 */
export type Access =
  | { readonly who: 'anyone' }
  | { readonly who: 'user'; readonly scope: Scope; readonly also?: Scope }
  | { readonly who: 'session'; readonly evenWhenPasswordExpired?: true }
  | { readonly who: 'session'; readonly role: 'admin'; readonly evenWhenPasswordExpired?: undefined };

/** The scopes that a token needs for a route that tokens may call. */
export const scopesOf = ({ scope, also }: Extract<Access, { who: 'user' }>): readonly Scope[] =>
  also === undefined ? [scope] : [scope, also];

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Call<A extends Access, Params, Query, Body> {
  readonly viewer: A extends { who: 'anyone' } ? undefined : Viewer;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly requestId: string;
  /** The caller's IP address. */
  readonly address: string;
  /** Present where the route is under a key, but for a dry run; checked for form. */
  readonly idempotencyKey: string | undefined;
  /** Whether it is to be judged, and nothing written. */
  readonly isDryRun: boolean;
  /** What the header Pay-Second-Factor holds. */
  readonly shownCode: string | undefined;
  /** The id of the last event that a reader of a stream has; only for routes that say `takesLastEventId`. */
  readonly lastEventId: string | undefined;
  /** The media type of `answers` that the client prefers (RFC 9110 §12.5.1). */
  readonly mediaType: string;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** `json` is a body that is serialised already; it is sent byte for byte. */
export type Answer =
  | { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: number; readonly json: string; readonly headers?: Readonly<Record<string, string>> }
  | {
      readonly status: number;
      readonly content: string | Buffer | Readable;
      readonly mediaType: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** The code of a refusal that is serialised already, for the log. */
      readonly code?: ErrorCode;
    }
  | { readonly status: 204; readonly headers?: undefined };

export interface AnswerDescription {
  readonly description: string;
  /** JSON of this shape; none for an answer without a body. */
  readonly schema?: z.ZodType;
  /** Media types besides or instead of `application/json`, such as `text/csv`. */
  readonly mediaTypes?: readonly string[];
}

export type Answers = Readonly<Record<number, AnswerDescription>>;

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

/**
 * A route as its feature declares it. The router, the validation, the OpenAPI document and the types of the client all come
 * from this. `handle` is a method, so that a route of any shapes is a `Route`: the endpoint calls it with what the shapes
 * have let through.
 */
export interface RouteDefinition<
  A extends Access = Access,
  P extends z.ZodType | undefined = z.ZodType | undefined,
  Q extends z.ZodType | undefined = z.ZodType | undefined,
  B extends z.ZodType | undefined = z.ZodType | undefined,
  M extends Method = Method,
  Path extends string = string,
  Id extends string = string,
  Given extends Answers = Answers,
  Code extends ErrorCode = ErrorCode,
> {
  readonly method: M;
  /** The path, with parameters as OpenAPI writes them: `/v1/payments/{id}`. */
  readonly path: Path;
  readonly operationId: Id;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: A;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The largest body that the route reads, where that is not the usual one. */
  readonly bodyLimitBytes?: number;
  /** The most values that its body may hold, where that is not the usual number. */
  readonly bodyLimitValues?: number;
  /**
   * Reads and judges a body, as the schema does, where that would take the event loop for long; short ones it is spared. Throws
   * what that would.
   */
  readLongBody?(bytes: Buffer, caller: string, address: string): Promise<unknown>;
  /**
   * Whether the route moves money, or creates something, under an Idempotency-Key. Only a dry run needs none, which a member
   * `dryRun` of the body asks for.
   */
  readonly underKey?: true;
  /** How many acts its body asks for, where that is not one: each counts. */
  itemsOf?(body: Output<B>): number;
  /** The limit besides what its caller may do at all. */
  readonly rateLimit?: LimitName;
  /** Whether it looks at the header Last-Event-ID (WHATWG HTML §9.2.4). */
  readonly takesLastEventId?: true;
  readonly answers: Given;
  /** The refusals that are particular to this route, for the document; those of every route are added. */
  readonly refusals?: readonly Code[];
  handle(call: Call<A, Output<P>, Output<Q>, Output<B>>): Promise<Answer>;
}

/** A route of any shapes, as the table holds it. */
export type Route = RouteDefinition;

/** Checks the types of a route against each other, and keeps them. */
export function defineRoute<
  A extends Access,
  M extends Method,
  Path extends string,
  Id extends string,
  const Given extends Answers,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  Code extends ErrorCode = never,
>(
  definition: RouteDefinition<A, P, Q, B, M, Path, Id, Given, Code>,
): RouteDefinition<A, P, Q, B, M, Path, Id, Given, Code> {
  return definition;
}
