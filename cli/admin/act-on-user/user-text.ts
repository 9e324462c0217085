import type { UserJson } from '../../../server/features/accounts/wire.js';
import type { Context } from '../../context.js';
import { moneyText } from '../../terminal/money.js';
import type { Field } from '../../terminal/show.js';
import type { Column } from '../../terminal/table.js';
import { joined, type Shown, shown } from '../../terminal/text/shown.js';
import { localTime, relativeTime } from '../../terminal/time.js';

type Look = Pick<Context, 'stdout' | 'locale' | 'now'>;

/** The role and the status of a user, where they are out of the ordinary. */
function roleAndStatus({ role, status }: Pick<UserJson, 'role' | 'status'>): string {
  return [...(role === 'admin' ? ['admin'] : []), ...(status === 'frozen' ? ['frozen'] : [])].join(', ');
}

function namesOf({ displayName, email }: UserJson): string {
  return displayName === null ? email : `${displayName} <${email}>`;
}

/** The columns of a list of users. */
export function userColumns({ stdout: { pen }, locale, now }: Look): Column<UserJson>[] {
  const dim = (text: string) => pen.dim(text);
  return [
    { header: 'user', people: ({ username }) => username, mayShrink: true },
    { header: 'balance', people: ({ balance }) => moneyText(balance, locale), align: 'point' },
    {
      header: 'is',
      people: roleAndStatus,
      paint: (text, { status }) => (status === 'frozen' ? pen.yellow(text) : pen.cyan(text)),
    },
    { header: 'registered', people: ({ createdAt }) => relativeTime(createdAt, now()), paint: dim },
    { header: 'id', people: ({ id }) => id, mayFold: true, paint: dim },
    { header: 'name and email', people: namesOf, mayShrink: true, leastWidth: 20, mayFold: true },
  ];
}

/** The names of a user's cells, for a pipe. */
export const userCellNames = 'id username displayName email role status balance currency createdAt'.split(
  ' ',
);

/** The cells of a user for a pipe, by these names. */
export function userCells(user: UserJson): string[] {
  const { id, username, displayName, email, role, status, balance, createdAt } = user;
  return [
    ...[id, username, displayName ?? '', email, role, status],
    ...[balance.amount, balance.currency, createdAt],
  ];
}

/** A user in two lines, above a question about them. */
export function userText(
  { username, displayName, email, balance, role, status, createdAt }: UserJson,
  { stderr: { pen }, locale, now }: Pick<Context, 'stderr' | 'locale' | 'now'>,
): Shown {
  const names = [displayName, email].filter((name) => name !== null);
  const facts = [
    ...(role === 'admin' ? ['administrator'] : []),
    status,
    `registered ${relativeTime(createdAt, now())}`,
  ];
  return joined(
    [
      shown`  ${pen.bold(username)}  ${names.join('  ')}`,
      shown`  ${pen.bold(moneyText(balance, locale))}  ${pen.dim(facts.join(', '))}`,
    ],
    '\n',
  );
}

/** The fields that every user has. */
export function userFields(user: UserJson, { locale, now }: Pick<Look, 'locale' | 'now'>): Field[] {
  const { balance, createdAt } = user;
  return [
    { label: 'username', people: user.username },
    { label: 'name', people: user.displayName ?? undefined },
    { label: 'email', people: user.email },
    { label: 'id', people: user.id },
    { label: 'role', people: user.role === 'admin' ? 'administrator' : 'user', machine: [user.role] },
    { label: 'status', people: user.status },
    {
      label: 'balance',
      people: () => moneyText(balance, locale),
      machine: [balance.amount, balance.currency],
    },
    {
      label: 'registered',
      people: () => `${localTime(createdAt)} (${relativeTime(createdAt, now())})`,
      machine: [createdAt],
    },
  ];
}
