import type { InvitationJson } from '../../server/features/invitations/wire.js';
import { fetchList, type LimitOptions, limitOf, sayMore } from '../api/fetch-list.js';
import type { Filters } from '../api/operation.js';
import type { Run } from '../command.js';
import { Failure } from '../failure/failure.js';
import { chooseId } from '../lists/choose-id.js';
import { usualLimitFor } from '../lists/show-list-as.js';
import type { DisplayOptions } from '../terminal/display-options.js';
import { daysUntil } from '../terminal/expiry.js';
import { askMissing } from '../terminal/prompts/ask-missing.js';
import { type ListFormats, show, showList } from '../terminal/show.js';
import { asCalled } from '../terminal/text/as-called.js';
import { joined, shown } from '../terminal/text/shown.js';
import { localTime } from '../terminal/time.js';

export interface InviteOptions {
  readonly note?: string;
  readonly count?: string;
  readonly expires?: string;
}

function countOf(text: string): number {
  if (!/^(?:[1-9][0-9]?|100)$/.test(text)) {
    throw new Failure('usage', `--count ${text} is no whole number from 1 to 100.`);
  }
  return Number(text);
}

/** Makes invitations and writes one a line, to print or to send. */
export const invite: Run<InviteOptions> = async (context, _operands, options) => {
  const { note } = await askMissing(context, {
    note: { value: options.note, message: 'Whom it is for:', flag: '--note' },
  });
  const { count, expires } = options;
  const api = await context.api();
  const { data } = await api.call('POST /v1/admin/invitations', {
    body: {
      note,
      ...(count !== undefined && { count: countOf(count) }),
      ...(expires !== undefined && { expiresInDays: daysUntil(expires, context.now()) }),
    },
    ifUnknown: [
      'What was made and not shown is lost. See it: pay admin invitations',
      'Take it back: pay admin uninvite <id>',
    ],
  });
  await show(context, {
    json: data,
    people: () => joined(data.map(({ invitation }) => shown`${invitation}\n`)),
    machine: () => data.map(({ invitation }) => [invitation]),
  });
  const until = data[0] === undefined ? '' : ` until ${localTime(data[0].expiresAt)}`;
  // Whoever is invited registers for themselves, and not for the account of this command.
  const told = `Each registers one user${until}: pay register --invitation … They are shown this once.`;
  await context.say(asCalled(told, context.calledAs));
};

export interface InvitationsOptions extends LimitOptions, DisplayOptions {
  readonly status?: NonNullable<Filters<'GET /v1/admin/invitations'>['status']>;
}

/** Lists invitations, without their secrets, and who was registered with them. */
export const invitations: Run<InvitationsOptions> = async (context, _operands, options) => {
  const limit = limitOf(options, usualLimitFor(context), 'invitations');
  const query = { status: options.status };
  const { items, hasMore } = await fetchList(context, 'GET /v1/admin/invitations', { query }, limit);
  const list: ListFormats<InvitationJson> = {
    rows: items,
    columns: [
      { header: 'for', people: ({ note }) => note, mayShrink: true },
      { header: 'status', people: ({ status }) => status },
      { header: 'used by', people: ({ usedBy }) => usedBy ?? '' },
      { header: 'until', people: ({ expiresAt }) => localTime(expiresAt) },
      { header: 'made by', people: ({ createdBy }) => createdBy },
      { header: 'id', people: ({ id }) => id, mayFold: true },
    ],
    machine: (one) => [one.id, one.note, one.status, one.usedBy ?? '', one.expiresAt, one.createdBy],
    names: ['id', 'note', 'status', 'usedBy', 'expiresAt', 'createdBy'],
    empty: 'There are no such invitations. Make one: pay admin invite',
  };
  await showList(context, list, options);
  await sayMore(context, hasMore);
};

/** Takes back an invitation that nobody has used. */
export const uninvite: Run<object> = async (context, [given]) => {
  const query = { status: 'open' } as const;
  const id = await chooseId(context, given, {
    prefix: 'inv',
    message: 'Which one to take back?',
    items: async (most) => (await fetchList(context, 'GET /v1/admin/invitations', { query }, most)).items,
    textOf: ({ id, note, expiresAt }) => `${note} · until ${localTime(expiresAt)} · ${id}`,
    none: 'There are no open invitations.',
    next: ['Make one: pay admin invite'],
  });
  const api = await context.api();
  await api.call('DELETE /v1/admin/invitations/{id}', {
    params: { id },
    ifNotFound: ['See which are open: pay admin invitations --status open'],
  });
  await show(context, {
    json: { id },
    people: () => shown`${context.stdout.pen.green('✓')} The invitation ${id} is taken back.\n`,
    machine: () => [[id]],
  });
};
