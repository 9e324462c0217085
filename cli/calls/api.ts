import type { Command } from 'commander';
import { type Api, anyAnswer } from '../api/api.js';
import type { ApiAnswer, Call } from '../api/call.js';
import { goodJson } from '../api/judge-answer.js';
import type { Page, Target } from '../api/operation.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { carryOut, showDone } from '../settling/carry-out.js';
import { payerOf } from '../settling/payer.js';
import type { ActDescription } from '../settling/pending.js';
import { show, showLine } from '../terminal/show.js';
import { asItStands, joined, shown } from '../terminal/text/shown.js';
import { safeJson } from '../terminal/text/visible.js';
import { actOfCall } from './act-of-call.js';
import { type CallOptions, readCall } from './read-call.js';

interface ApiOptions extends CallOptions {
  readonly include?: true;
  readonly paginate?: true;
  readonly key?: string;
}

async function writeHead({ stdout }: Context, { status, headers }: ApiAnswer): Promise<void> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  await stdout.write(shown`${joined([`HTTP/1.1 ${status}`, ...lines], '\n')}\n\n`);
}

function isJson({ headers }: ApiAnswer): boolean {
  return /^application\/(?:[a-z.]+\+)?json\b/i.test(headers['content-type'] ?? '');
}

async function writeJson(context: Context, json: object): Promise<void> {
  const text = () => asItStands(`${safeJson(json, 2)}\n`);
  await show({ ...context, isJson: true }, { json, people: text, machine: () => [] });
}

/** Writes what is no JSON as it came; on a terminal without what that would obey. */
async function writeText({ stdout }: Context, text: string): Promise<void> {
  await stdout.write(stdout.isTerminal ? joined(text.split('\n'), '\n') : asItStands(text));
}

async function writeAnswer(context: Context, server: string, answer: ApiAnswer): Promise<void> {
  const isGood = answer.status >= 200 && answer.status < 300;
  if (isGood && answer.text === '') {
    return;
  }
  if (isGood && !isJson(answer)) {
    await writeText(context, answer.text);
    return;
  }
  await writeJson(context, goodJson(answer, server) as object);
}

/** The same context, with what the server answered last kept, for its head. */
async function listening(context: Context): Promise<{ heard: Context; last: () => ApiAnswer | undefined }> {
  const api = await context.api();
  let last: ApiAnswer | undefined;
  const recording: Api = {
    ...api,
    async exchange(call) {
      last = await api.exchange(call);
      return last;
    },
  };
  return { heard: { ...context, api: async () => recording }, last: () => last };
}

/** Does what must happen at most once as every other command does: under a key that is on the disk before. */
async function callOnce(
  context: Context,
  call: Call,
  act: ActDescription,
  { include, key }: ApiOptions,
): Promise<void> {
  const { path, body = {} } = call;
  const payer = await payerOf(context);
  const { heard, last } = await listening(context);
  const command = (agreed: object) => ({
    verb: ['api'],
    operands: ['POST', path],
    flags: { '--body': JSON.stringify(agreed) },
    isSilent: true as const,
  });
  const target: Target<object, object> = { method: 'POST', path };
  const intent = { target, body, describe: () => act, command, agree: async (agreed: object) => agreed };
  const writeLastHead = async () => {
    const answer = last();
    if (include && answer) {
      await writeHead(context, answer);
    }
  };
  try {
    const { answer, pending } = await carryOut(heard, payer, intent, {
      yes: true,
      ...(key !== undefined && { key }),
    });
    await showDone(pending, async () => {
      await writeLastHead();
      await writeJson(context, answer);
    });
  } catch (error) {
    // A refusal is an answer, too.
    if (error instanceof Failure && error.details.problem) {
      await writeLastHead();
    }
    throw error;
  }
}

function ifUnknown({ method, body }: Call): Partial<Call> {
  const changesNothing = method === 'GET' || (body as { dryRun?: unknown } | undefined)?.dryRun === true;
  return changesNothing ? {} : { ifUnknown: ['See how things stand before it is sent again.'] };
}

async function callPlainly(context: Context, call: Call, { include }: ApiOptions): Promise<void> {
  const api = await context.api();
  const answer = await anyAnswer(api, { ...call, ...ifUnknown(call) }, context.signal);
  if (include) {
    await writeHead(context, answer);
  }
  await writeAnswer(context, api.server, answer);
}

/** Every page of a list, one thing a line, so that the longest list needs no memory. */
async function writePages(context: Context, call: Call, { include }: ApiOptions): Promise<void> {
  const api = await context.api();
  const { pathname, search } = new URL(call.path, api.server);
  const query = new URLSearchParams(search);
  query.set('limit', query.get('limit') ?? '100');
  for (let isMore = true; isMore && !context.stdout.isGone; ) {
    const answer = await anyAnswer(api, { ...call, path: `${pathname}?${query}` }, context.signal);
    if (include) {
      await writeHead(context, answer);
    }
    const page = goodJson(answer, api.server) as Partial<Page<object>>;
    if (!Array.isArray(page.data)) {
      throw new Failure('usage', `${pathname} gives no list, so that --paginate has nothing to follow.`);
    }
    for (const json of page.data) {
      await showLine({ ...context, isJson: true }, { json, people: () => shown``, machine: () => [] });
    }
    isMore = typeof page.nextCursor === 'string';
    query.set('cursor', page.nextCursor ?? '');
  }
}

/** Whoever calls the API speaks its words, such as the names of its fields. */
function inWordsOfApi(error: unknown): unknown {
  const detail = error instanceof Failure ? error.details.problem?.detail : undefined;
  return error instanceof Failure && typeof detail === 'string' && detail !== ''
    ? new Failure(error.kind, detail, error.details)
    : error;
}

const callApi: Run<ApiOptions> = async (context, [method = '', path = ''], options) => {
  const call = await readCall(context, [method, path], options);
  const act = actOfCall(call);
  if (options.paginate && call.method !== 'GET') {
    throw new Failure('usage', '--paginate is for GET.');
  }
  if (options.key !== undefined && act === undefined) {
    throw new Failure('usage', '--key is for what moves money or asks for it.');
  }
  try {
    if (act) {
      await callOnce(context, call, act, options);
    } else if (options.paginate) {
      await writePages(context, call, options);
    } else {
      await callPlainly(context, call, options);
    }
  } catch (error) {
    throw inWordsOfApi(error);
  }
};

const collect = (value: string, earlier: readonly string[] = []) => [...earlier, value];

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay api GET /v1/me',
    'pay api GET /v1/payments -f with=bob --paginate',
    'pay api POST /v1/payments -f to=bob -f amount=10 --key rent-2026-11',
    'pay api POST /v1/tokens -f name=ci -f scopes:=\'["read"]\'',
    'pay api POST /v1/payouts --input - < payouts.json',
  ])
    .argument('<method>', 'GET, POST, PUT, PATCH or DELETE')
    .argument('<path>', 'the path, such as /v1/me')
    .option('-f, --field <name=text>', 'a field of the body, or of the query of a GET; name:=JSON', collect)
    .option('--input <file>', 'the body as JSON from a file; - is stdin')
    .option('--body <json>', 'the body as JSON')
    .option('--accept <type>', 'the kind of answer, such as text/csv')
    .option('-i, --include', 'write the status and the headers, too')
    .option('--paginate', 'every page of a list, one thing a line')
    .option('--key <key>', 'the idempotency key; money moves at most once for each')
    .action(start(callApi));
}
