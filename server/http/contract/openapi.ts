import * as z from 'zod';
import {
  createDocument,
  type oas31,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { emptyBodyOf } from './empty-body.js';
import { withBounds } from './openapi-bounds.js';
import {
  idempotencyKeyParameter,
  lastEventIdParameter,
  secondFactorParameter,
  sharedComponents,
} from './openapi-components.js';
import { makeRefusalResponses, type RefusalResponses, refusalsOf } from './openapi-refusals.js';
import { type Access, type AnswerDescription, type Route, scopesOf } from './route.js';

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly contact?: oas31.ContactObject;
  readonly license?: oas31.LicenseObject;
  /** What the tags of the routes stand for, in the order in which they are shown. */
  readonly tags: readonly { readonly name: string; readonly description: string }[];
}

/** The OpenAPI 3.1 document of a table of routes. */
export function openApiDocument(routes: readonly Route[], info: ApiInfo): oas31.OpenAPIObject {
  const { tags, ...about } = info;
  const used = new Set(routes.map((route) => route.tag));
  const document = createDocument({
    openapi: '3.1.0',
    info: about,
    servers: [
      {
        url: '/',
        description: 'The server that this document came from, be it in production or a local one.',
        'x-internal': false,
      },
    ],
    tags: tags.filter((tag) => used.has(tag.name)).map((tag) => ({ ...tag })),
    security: [{ bearer: [] }],
    paths: pathsOf(routes),
    components: sharedComponents(),
  });
  return withBounds(document);
}

function pathsOf(routes: readonly Route[]): ZodOpenApiPathsObject {
  const refusals = makeRefusalResponses();
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route, refusals(route)),
    };
  }
  return paths;
}

function operationOf(route: Route, refusals: RefusalResponses): ZodOpenApiOperationObject {
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description ?? `${route.summary}.`, accessNote(route.access)].join('\n\n'),
    security: securityOf(route.access),
    parameters: headerParametersOf(route),
    requestParams: {
      ...(route.params && { path: objectSchema(route.params) }),
      ...(route.query && { query: objectSchema(route.query) }),
    },
    ...(route.body && {
      requestBody: {
        required: emptyBodyOf(route.body) === undefined,
        content: { 'application/json': { schema: route.body } },
      },
    }),
    responses: { ...successResponses(route), ...refusals },
  };
}

function objectSchema(schema: z.ZodType): z.ZodType<unknown, Record<string, unknown>> {
  return schema as z.ZodType<unknown, Record<string, unknown>>;
}

function accessNote(access: Access): string {
  if (access.who === 'anyone') {
    return 'For anyone.';
  }
  if (access.who === 'session') {
    return `Needs a session${'role' in access ? ' of an administrator' : ''}.`;
  }
  const scopes = scopesOf(access).map((scope) => `\`${scope}\``);
  return `Needs the scope${scopes.length > 1 ? 's' : ''} ${scopes.join(' and ')}.`;
}

/** OpenAPI 3.1 lets a requirement name the roles that it takes, for schemes without OAuth scopes, too. */
function securityOf(access: Access): oas31.SecurityRequirementObject[] {
  if (access.who === 'anyone') {
    return [];
  }
  const roles =
    access.who === 'user' ? scopesOf(access) : ['session', ...('role' in access ? [access.role] : [])];
  return [{ bearer: [...roles] }];
}

function headerParametersOf(route: Route): (oas31.ParameterObject | oas31.ReferenceObject)[] {
  const requestId = { $ref: '#/components/parameters/X-Request-Id' };
  return [
    requestId,
    ...(route.underKey ? [idempotencyKeyParameter(hasDryRun(route.body))] : []),
    ...(route.takesLastEventId ? [lastEventIdParameter] : []),
    ...(refusalsOf(route).includes('SECOND_FACTOR_REQUIRED') ? [secondFactorParameter] : []),
  ];
}

function hasDryRun(body: z.ZodType | undefined): boolean {
  return body instanceof z.ZodObject && 'dryRun' in body.shape;
}

function successResponses(route: Route): RefusalResponses {
  const entries = Object.entries(route.answers) as [`${number}`, AnswerDescription][];
  return Object.fromEntries(
    entries.map(([status, answer]) => [
      status,
      { description: answer.description, headers: successHeaders(route, status), ...contentOf(answer) },
    ]),
  );
}

function successHeaders(route: Route, status: string): Record<string, oas31.ReferenceObject> {
  const names = ['X-Request-Id', 'Cache-Control', 'RateLimit', 'RateLimit-Policy'];
  if (status === '201') {
    names.push('Location');
  }
  if (route.underKey) {
    names.push('Idempotency-Replayed');
  }
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function contentOf({
  schema,
  mediaTypes = [],
}: AnswerDescription): Pick<RefusalResponses[`${number}`], 'content'> {
  // What is not JSON is told by its media type alone.
  const others = mediaTypes.map((type) => [type, {}] as const);
  if (schema === undefined && others.length === 0) {
    return {};
  }
  return { content: { ...(schema && { 'application/json': { schema } }), ...Object.fromEntries(others) } };
}
