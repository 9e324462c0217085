import type { AdminUserJson } from '../../server/features/admin/wire.js';
import type { Run } from '../command.js';
import type { Context } from '../context.js';
import { moneyHeadline } from '../terminal/money.js';
import { cardRows, cardText, type Field, show } from '../terminal/show.js';
import { joined, type Shown, shown } from '../terminal/text/shown.js';
import { visible } from '../terminal/text/visible.js';
import { localTime, relativeTime, timeUntil } from '../terminal/time.js';
import { askUsername, findUser } from './act-on-user/ask-user.js';
import { userFields } from './act-on-user/user-text.js';

function timeField(label: string, at: string | null, { now }: Pick<Context, 'now'>): Field {
  return at === null
    ? { label, people: 'never', machine: [''] }
    : { label, people: () => `${localTime(at)} (${relativeTime(at, now())})`, machine: [at] };
}

function frozenText({ frozen }: AdminUserJson, { now }: Context): string | undefined {
  if (frozen === null) {
    return undefined;
  }
  const by = frozen.by === null ? '' : ` by ${frozen.by}`;
  const why = frozen.reason === null ? '' : `: ${frozen.reason}`;
  return `${relativeTime(frozen.at, now())}${by}${why}`;
}

/** What a user has open: each session and token by itself, and how many more there are than the newest ones. */
function openFields({ sessions, tokens }: AdminUserJson, { now }: Context): Field[] {
  return [
    { label: 'sessions', people: String(sessions.active) },
    ...sessions.newest.map(({ address, openedAt, expiresAt }) => ({
      label: '  session',
      people: () =>
        `from ${address}, opened ${relativeTime(openedAt, now())}, ends ${timeUntil(expiresAt, now())}`,
      machine: [address, openedAt, expiresAt],
    })),
    { label: 'tokens', people: String(tokens.active) },
    ...tokens.newest.map(({ id, name, scopes, createdAt, expiresAt }) => ({
      label: '  token',
      people: () =>
        `${name} (${scopes.join(', ')}), made ${relativeTime(createdAt, now())}, ends ${timeUntil(expiresAt, now())}`,
      machine: [id, name, scopes.join(','), createdAt, expiresAt],
    })),
  ];
}

function fieldsOf(user: AdminUserJson, context: Context): Field[] {
  const { frozen, pendingRequests } = user;
  return [
    ...userFields(user, context),
    {
      label: 'frozen',
      people: frozenText(user, context),
      machine: [frozen?.at ?? '', frozen?.by ?? '', frozen?.reason ?? ''],
    },
    {
      label: 'password',
      people: user.mustChangePassword ? 'a one-time one, to be changed' : undefined,
      machine: ['one-time'],
    },
    {
      label: 'second factor',
      people: user.hasSecondFactor ? 'on' : undefined,
      machine: ['on'],
    },
    timeField('last login', user.lastLoginAt, context),
    timeField('last payment', user.lastPaymentAt, context),
    { label: 'payments', people: String(user.payments) },
    {
      label: 'requests',
      people: `${pendingRequests.incoming} incoming, ${pendingRequests.outgoing} outgoing pending`,
      machine: [String(pendingRequests.incoming), String(pendingRequests.outgoing)],
    },
    { label: 'webhooks', people: String(user.webhooks) },
    ...openFields(user, context),
  ];
}

async function headline(user: AdminUserJson, { stdout: { pen, width }, locale }: Context): Promise<Shown> {
  const { widest } = await import('../terminal/text/align.js');
  const { username, displayName, balance, role, status } = user;
  const name = visible(displayName === null ? username : `${username} · ${displayName}`);
  const marks = [
    ...(role === 'admin' ? [pen.cyan('administrator')] : []),
    ...(status === 'frozen' ? [pen.yellow('frozen')] : []),
  ];
  const lines = [
    shown`${pen.bold(name)} ${pen.dim('─'.repeat(Math.max(0, Math.min(width, 100) - widest([name]) - 1)))}`,
    '',
    joined([pen.bold(moneyHeadline(balance, locale)), ...marks], '  '),
    shown`\n`,
  ];
  return joined(lines, '\n');
}

export const user: Run<object> = async (context, [given]) => {
  const found = await findUser(context, await askUsername(context, given));
  const fields = fieldsOf(found, context);
  await show(context, {
    json: found,
    people: async () => joined([await headline(found, context), await cardText(context, fields)]),
    machine: () => cardRows(fields).map(([label = '', ...cells]) => [label.trim(), ...cells]),
  });
};
