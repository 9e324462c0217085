import type { Command } from 'commander';
import type { LiveSessionJson } from '../../server/features/sessions/wire.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { withExamples } from '../help/help.js';
import { chooseId } from '../lists/choose-id.js';
import { listsAlone } from '../lists/noun.js';
import { addDisplayFlags, type DisplayOptions } from '../terminal/display-options.js';
import { type ListFormats, show, showList } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { localTime, relativeTime } from '../terminal/time.js';
import { forgetSession } from './save-session.js';

async function fetchSessions(context: Context): Promise<readonly LiveSessionJson[]> {
  const api = await context.api();
  const { data } = await api.call('GET /v1/sessions');
  return data;
}

const list: Run<DisplayOptions> = async (context, _operands, options) => {
  const { pen } = context.stdout;
  const listed: ListFormats<LiveSessionJson> = {
    rows: await fetchSessions(context),
    columns: [
      { header: 'opened', people: ({ createdAt }) => relativeTime(createdAt, context.now()) },
      { header: 'used', people: ({ lastUsedAt }) => relativeTime(lastUsedAt, context.now()) },
      { header: 'from', people: ({ address }) => address },
      { header: 'until', people: ({ expiresAt }) => localTime(expiresAt) },
      {
        header: '',
        people: ({ current }) => (current ? 'this one' : ''),
        paint: (text: string) => pen.green(text),
      },
      { header: 'id', people: ({ id }) => id, mayFold: true, paint: (text: string) => pen.dim(text) },
    ],
    machine: ({ id, createdAt, lastUsedAt, address, expiresAt, current }) => [
      id,
      createdAt,
      lastUsedAt,
      address,
      expiresAt,
      String(current),
    ],
    names: ['id', 'createdAt', 'lastUsedAt', 'address', 'expiresAt', 'current'],
    empty: 'There are no sessions.',
  };
  await showList(context, listed, options);
};

/** Whether an id is that of the session in use, be it by the word for it. A token is no session. */
async function isCurrent(context: Context, id: string): Promise<boolean> {
  return (
    id === 'current' || (await fetchSessions(context)).some((session) => session.current && session.id === id)
  );
}

const end: Run<object> = async (context, [given]) => {
  const api = await context.api();
  const id = await chooseId<LiveSessionJson>(context, given, {
    prefix: 'ses',
    message: 'Which one to end?',
    items: () => fetchSessions(context),
    textOf: ({ address, lastUsedAt, current }) =>
      `from ${address}, used ${relativeTime(lastUsedAt, context.now())}${current ? ', this one' : ''}`,
    none: 'There are no sessions.',
    next: [],
  });
  const isOwn = await isCurrent(context, id);
  await api.call('DELETE /v1/sessions/{id}', {
    params: { id },
    ifNotFound: ['Look it up: pay sessions list'],
  });
  const { profileName } = await context.account();
  if (isOwn && profileName !== undefined && !context.environment.PAY_TOKEN) {
    await forgetSession(context, profileName);
  }
  await show(context, {
    json: { id },
    people: () =>
      shown`${context.stdout.pen.green('✓')} The session ${id} has ended${isOwn ? ', and you are logged out' : ''}.\n`,
    machine: () => [[id]],
  });
};

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay sessions list', 'pay sessions end ses_0000000001']);
  listsAlone(command, start, list, addDisplayFlags);
  addDisplayFlags(command.command('list').summary('where you are logged in, and since when')).action(
    start(list),
  );
  command
    .command('end')
    .summary('end one')
    .argument('[id]', 'the id, as `pay sessions` gives it')
    .option('-y, --yes', 'do not ask')
    .action(start(end, { id: 'value' }));
}
