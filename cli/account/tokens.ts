import { type Command, Option } from 'commander';
import type { TokenJson } from '../../server/features/tokens/wire.js';
import type { Body } from '../api/operation.js';
import { newTokenShape, tokenShape } from '../api/shapes.js';
import type { Run, Start } from '../command.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { chooseId } from '../lists/choose-id.js';
import { listsAlone } from '../lists/noun.js';
import { addDisplayFlags, type DisplayOptions } from '../terminal/display-options.js';
import { daysUntil } from '../terminal/expiry.js';
import { askMissing } from '../terminal/prompts/ask-missing.js';
import { type ListFormats, show, showCard, showList } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { localTime, relativeTime } from '../terminal/time.js';

const list: Run<DisplayOptions> = async (context, _operands, options) => {
  const api = await context.api();
  const { data } = await api.call('GET /v1/tokens');
  const listed: ListFormats<TokenJson> = {
    rows: data,
    columns: [
      { header: 'name', people: ({ name }) => name, mayShrink: true },
      { header: 'scopes', people: ({ scopes }) => scopes.join(',') },
      { header: 'made', people: ({ createdAt }) => relativeTime(createdAt, context.now()) },
      {
        header: 'used',
        people: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : relativeTime(lastUsedAt, context.now())),
      },
      {
        header: 'until',
        people: ({ expiresAt }) => localTime(expiresAt),
      },
      { header: 'id', people: ({ id }) => id, mayFold: true },
    ],
    machine: ({ id, name, scopes, createdAt, expiresAt, lastUsedAt }) => [
      id,
      name,
      scopes.join(','),
      createdAt,
      expiresAt,
      lastUsedAt ?? '',
    ],
    names: ['id', 'name', 'scopes', 'createdAt', 'expiresAt', 'lastUsedAt'],
    empty: 'There are no tokens. Make one: pay tokens create',
  };
  await showList(context, listed, options);
};

type Scopes = Body<'POST /v1/tokens'>['scopes'];

interface CreateOptions {
  readonly name?: string;
  readonly scopes: string;
  readonly expires?: string;
  readonly expiresInDays?: string;
}

function wholeDays(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) {
    throw new Failure('usage', `--expires-in-days ${text} is no whole number of days.`);
  }
  return Number(text);
}

function daysOf({ expires, expiresInDays }: CreateOptions, now: Date): number | undefined {
  if (expires !== undefined) {
    return daysUntil(expires, now);
  }
  return expiresInDays === undefined ? undefined : wholeDays(expiresInDays);
}

const create: Run<CreateOptions> = async (context, _operands, options) => {
  const { name } = await askMissing(context, {
    name: { value: options.name, message: 'What it is for:', flag: '--name' },
  });
  const api = await context.api();
  const expiresInDays = daysOf(options, context.now());
  const token = await api.call('POST /v1/tokens', {
    body: {
      name,
      // The server judges the words as they were typed.
      scopes: options.scopes.split(',').map((scope) => scope.trim()) as Scopes,
      ...(expiresInDays !== undefined && { expiresInDays }),
    },
    ifUnknown: ['See whether it was made, and revoke it: pay tokens list'],
  });
  await showCard(context, token, [
    { label: 'token', people: token.token },
    { label: 'id', people: token.id },
    { label: 'scopes', people: token.scopes.join(',') },
    {
      label: 'until',
      people: localTime(token.expiresAt),
      machine: [token.expiresAt],
    },
  ]);
  await context.say(shown`Keep the token now: it is not shown again. Scripts take it from PAY_TOKEN.`);
};

const revoke: Run<object> = async (context, [given]) => {
  const api = await context.api();
  const id = await chooseId(context, given, {
    prefix: 'tok',
    message: 'Which one to end?',
    items: async () => (await api.call('GET /v1/tokens')).data,
    textOf: ({ name, scopes }) => `${name}: ${scopes.join(',')}`,
    none: 'There are no tokens.',
    next: ['Make one: pay tokens create'],
  });
  await api.call('DELETE /v1/tokens/{id}', {
    params: { id },
    ifNotFound: ['Look it up: pay tokens list'],
  });
  await show(context, {
    json: { id },
    people: () => shown`${context.stdout.pen.green('✓')} The token ${id} is dead.\n`,
    machine: () => [[id]],
  });
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay tokens list',
    'pay tokens create --name backup --scopes read --expires 90d',
    'pay tokens revoke tok_0000000001',
  ]);
  listsAlone(command, start, list, addDisplayFlags, tokenShape);
  addDisplayFlags(command.command('list').summary('your tokens')).action(start(list, tokenShape));
  command
    .command('create')
    .summary('make one; it is shown once')
    .option('--name <name>', 'what it is for')
    .option('--scopes <scopes>', 'what it may do: read, request, pay, separated by commas', 'read')
    .option('--expires <when>', 'how long it holds, or until which day (90d)')
    .addOption(new Option('--expires-in-days <days>', 'the same in whole days').conflicts('expires'))
    .option('-y, --yes', 'do not ask')
    .action(start(create, newTokenShape));
  command
    .command('revoke')
    .summary('end one')
    .argument('[id]', 'the id, as `pay tokens` gives it')
    .option('-y, --yes', 'do not ask')
    .action(start(revoke, { id: 'value' }));
}
