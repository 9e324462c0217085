import type { Command } from 'commander';
import type { UserJson } from '../../server/features/accounts/wire.js';
import type { Run, Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { withExamples, withNotes } from '../help/help.js';
import { noSession, openSession } from '../settings/no-session.js';
import { cardRows, cardText, type Field, show, showCard } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { localTime } from '../terminal/time.js';

/** The owner of a token; undefined where the server cannot be asked now. @throws Failure */
async function askOwner(context: Context): Promise<UserJson | undefined> {
  try {
    const api = await context.api();
    return await api.call('GET /v1/me');
  } catch (error) {
    if (error instanceof Failure && error.kind === 'unreachable') {
      await context.say(shown`${error.message} Whose token it is, only the server knows.`);
      return undefined;
    }
    throw error;
  }
}

interface WhoamiOptions {
  readonly qr?: true;
}

/** Writes who is logged in; with the link to pay them where that is wanted, as a code for cameras. */
async function showAccount(
  context: Context,
  json: Readonly<Record<string, unknown>> & {
    readonly username: string | null;
    readonly server: string;
  },
  fields: readonly Field[],
  { qr }: WhoamiOptions,
): Promise<void> {
  const { username: user, server } = json;
  if (!qr || user === null) {
    await showCard(context, json, fields);
    return;
  }
  const { linkText } = await import('../links/payto.js');
  const { linkPicture } = await import('../links/link-picture.js');
  const link = linkText({ server, user });
  await show(context, {
    json: { ...json, link },
    people: async () => shown`${await cardText(context, fields)}\n${linkPicture(link, context)}`,
    machine: () => [...cardRows(fields), ['link', link]],
  });
}

async function ownerOfToken(context: Context, options: WhoamiOptions): Promise<void> {
  const { server } = await context.account();
  const me = await askOwner(context);
  const json = {
    username: me?.username ?? null,
    server,
    currency: me?.currency ?? null,
    profile: null,
    expiresAt: null,
  };
  const fields = [
    { label: 'username', people: me?.username },
    { label: 'server', people: server },
    { label: 'currency', people: me?.currency },
    { label: 'by', people: 'the token in PAY_TOKEN' },
  ];
  await showAccount(context, json, fields, options);
}

/** The account in use, from what is kept here, without the network; only the owner of PAY_TOKEN is the server's to know. */
const whoami: Run<WhoamiOptions> = async (context, _operands, options) => {
  if (context.environment.PAY_TOKEN) {
    await ownerOfToken(context, options);
    return;
  }
  const account = await context.account();
  const { server, profile, profileName } = account;
  const session = openSession(profile, context.now());
  if (profile === undefined || session === undefined) {
    throw noSession(account, await context.config(), context.flags);
  }
  const { username, currency } = profile;
  await showAccount(
    context,
    { username, server, currency, profile: profileName, expiresAt: session.expiresAt },
    [
      { label: 'username', people: username },
      { label: 'server', people: server },
      { label: 'currency', people: currency },
      { label: 'profile', people: profileName },
      { label: 'until', people: localTime(session.expiresAt), machine: [session.expiresAt] },
    ],
    options,
  );
};

export function define(command: Command, start: Start): void {
  withNotes(command, [
    'It tells what is kept here and does not ask the server, which may have ended the session since: pay profile asks. A token in PAY_TOKEN is looked up there.',
  ]);
  withExamples(command, [
    'pay whoami',
    'pay whoami --qr                     a link to pay you, as a code for cameras',
    'pay whoami --json --fields username',
  ])
    .option('--qr', 'with a link to pay you, as a code for cameras')
    .action(start(whoami));
}
