import { Readable } from 'node:stream';
import * as z from 'zod';
import { problemJson, Refusal } from '../../../server/errors.js';
import { defineRoute, type Route } from '../../../server/http/contract/route.js';

const anyone = { who: 'anyone' } as const;
const read = { who: 'user', scope: 'read' } as const;
const pay = { who: 'user', scope: 'pay' } as const;

const amount = z.string().refine((text) => /^[1-9]\d*$/.test(text), {
  message: 'is not an amount',
  params: { code: 'INVALID_AMOUNT' },
});

const thing = z.strictObject({
  name: z.string().min(1).max(20),
  amount,
  items: z.array(z.strictObject({ colour: z.enum(['red', 'blue']) })).optional(),
  email: z.email().optional(),
  dryRun: z.boolean().default(false),
});

const whatever = z.looseObject({});
const ok = { 200: { description: 'Done.', schema: whatever } } as const;

/** Something that a test lets a handler wait for. */
export interface Gate {
  enter(signal: AbortSignal): Promise<void>;
}

/** One route for each thing that the door has to do. */
export function testRoutes(gate: Gate): readonly Route[] {
  return [...thingRoutes(), ...pathRoutes(), ...accountRoutes(), ...failingRoutes(), ...slowRoutes(gate)];
}

function thingRoutes(): readonly Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/things',
      operationId: 'makeThing',
      tag: 'things',
      summary: 'Make a thing',
      access: pay,
      body: thing,
      underKey: true,
      answers: { 201: { description: 'Made.', schema: whatever } },
      refusals: ['INVALID_AMOUNT', 'INSUFFICIENT_FUNDS'],
      handle: async ({ body, idempotencyKey, requestId, viewer }) => ({
        status: 201,
        body: { body, idempotencyKey: idempotencyKey ?? null, requestId, userId: viewer.userId },
        headers: { Location: '/things/1' },
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/things',
      operationId: 'listThings',
      tag: 'things',
      summary: 'List things',
      access: read,
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(100).default(20),
        q: z.string().optional(),
      }),
      answers: { 200: { description: 'Things.', schema: whatever, mediaTypes: ['text/csv'] } },
      handle: async ({ query, mediaType }) =>
        mediaType === 'text/csv'
          ? {
              status: 200,
              content: Readable.from(['name\n', 'ball\n']),
              mediaType: 'text/csv; charset=utf-8',
            }
          : { status: 200, body: { query } },
    }),
  ];
}

/** Routes that are told apart by what stands in their paths, in an order that must not matter. */
function pathRoutes(): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/things/{id}',
      operationId: 'getThing',
      tag: 'things',
      summary: 'One thing',
      access: anyone,
      params: z.object({ id: z.string() }),
      answers: ok,
      handle: async ({ params, viewer }) => ({
        status: 200,
        body: { id: params.id, viewer: viewer ?? null },
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/things/special',
      operationId: 'getSpecialThing',
      tag: 'things',
      summary: 'The special thing',
      access: anyone,
      answers: ok,
      handle: async () => ({ status: 200, json: '{ "special":true }' }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/things/{id}',
      operationId: 'deleteThing',
      tag: 'things',
      summary: 'Delete a thing',
      access: { who: 'session' },
      params: z.object({ id: z.string() }),
      answers: { 204: { description: 'Gone.' } },
      handle: async () => ({ status: 204 }),
    }),
    defineRoute({
      method: 'POST',
      path: '/things/{id}/part',
      operationId: 'partOfThing',
      tag: 'things',
      summary: 'A part, or all',
      access: anyone,
      params: z.object({ id: z.string() }),
      body: z.strictObject({ part: z.string().optional() }),
      answers: ok,
      handle: async ({ body }) => ({ status: 200, body }),
    }),
    defineRoute({
      method: 'GET',
      path: '/price/{currency}/{amount}',
      operationId: 'getPrice',
      tag: 'things',
      summary: 'A price',
      access: anyone,
      params: z.object({ currency: z.enum(['GBP', 'USD']), amount }),
      answers: ok,
      handle: async ({ params }) => ({ status: 200, body: params }),
    }),
  ];
}

function accountRoutes(): readonly Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/login',
      operationId: 'login',
      tag: 'accounts',
      summary: 'Log in',
      access: anyone,
      body: z.strictObject({ username: z.string(), password: z.string() }),
      rateLimit: 'login',
      answers: { 201: { description: 'Logged in.', schema: whatever } },
      refusals: ['INVALID_CREDENTIALS'],
      handle: async ({ body }) => {
        const refusal = new Refusal('INVALID_CREDENTIALS', 'Wrong username or password.');
        if (body.password === 'changed') {
          // As the ledger does, whose refusals are answers that are serialised already.
          const content = JSON.stringify(problemJson(refusal, 'test'));
          return { status: 401, content, mediaType: 'application/problem+json', code: refusal.code };
        }
        if (body.password !== 'right') {
          throw refusal;
        }
        return { status: 201, body: { token: 'secret' } };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/register',
      operationId: 'register',
      tag: 'accounts',
      summary: 'Register',
      access: anyone,
      rateLimit: 'registration',
      answers: ok,
      handle: async () => ({ status: 200, body: {} }),
    }),
    defineRoute({
      method: 'POST',
      path: '/password',
      operationId: 'changePassword',
      tag: 'accounts',
      summary: 'Change the password',
      access: { who: 'session', evenWhenPasswordExpired: true },
      rateLimit: 'password',
      answers: { 204: { description: 'Changed.' } },
      handle: async () => ({ status: 204 }),
    }),
    defineRoute({
      method: 'GET',
      path: '/admin',
      operationId: 'getEverything',
      tag: 'accounts',
      summary: 'Everything',
      access: { who: 'user', scope: 'admin' },
      answers: ok,
      handle: async () => ({ status: 200, body: {} }),
    }),
  ];
}

function failingRoutes(): readonly Route[] {
  const unavailable = new Refusal('CLOCK_UNAVAILABLE', 'The timestamp service does not answer.');
  const define = (name: string, error: Error) => [
    defineRoute({
      method: 'GET',
      path: `/${name}`,
      operationId: `get-${name}`,
      tag: 'things',
      summary: name,
      access: anyone,
      answers: ok,
      handle: async () => {
        throw error;
      },
    }),
    defineRoute({
      method: 'POST',
      path: `/${name}`,
      operationId: `post-${name}`,
      tag: 'things',
      summary: name,
      access: anyone,
      body: z.strictObject({ dryRun: z.boolean() }),
      underKey: true,
      answers: ok,
      handle: async () => {
        throw error;
      },
    }),
  ];
  const poor = new Refusal('INSUFFICIENT_FUNDS', 'Too little.', {
    figures: { available: { amount: '1.00', currency: 'GBP' } },
  });
  return [
    ...define('bug', new Error('the password is hunter2')),
    ...define('unavailable', unavailable),
    ...define('poor', poor),
    ...define('told', new Refusal('OVERLOADED', 'Nothing was done.', { tellsOutcome: true })),
    ...define('full', new Refusal('OVERLOADED', 'Too much to do.', { retryAfterSeconds: 7 })),
  ];
}

function slowRoutes(gate: Gate): readonly Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/slow',
      operationId: 'slow',
      tag: 'things',
      summary: 'Waits for the test',
      access: anyone,
      answers: ok,
      handle: async ({ signal }) => {
        await gate.enter(signal);
        return { status: 200, body: { slow: true } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/drip',
      operationId: 'drip',
      tag: 'things',
      summary: 'A stream that goes on when the test says so',
      access: anyone,
      answers: { 200: { description: 'Drops.', mediaTypes: ['text/csv'] } },
      handle: async ({ signal }) => ({
        status: 200,
        content: Readable.from(drops(gate, signal)),
        mediaType: 'text/csv',
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/spill',
      operationId: 'spill',
      tag: 'things',
      summary: 'A stream that fails half-way',
      access: anyone,
      answers: { 200: { description: 'Drops.', mediaTypes: ['text/csv'] } },
      handle: async () => ({ status: 200, content: Readable.from(spilledDrops()), mediaType: 'text/csv' }),
    }),
  ];
}

async function* drops(gate: Gate, signal: AbortSignal): AsyncGenerator<string> {
  yield 'first\n';
  await gate.enter(signal);
  yield 'last\n';
}

async function* spilledDrops(): AsyncGenerator<string> {
  yield 'first\n';
  throw new Error('the pipe burst');
}
