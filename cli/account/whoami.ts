import type { Command } from 'commander';
import type { UserJson } from '../../server/features/accounts/wire.js';
import type { Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { noSession } from '../settings/no-session.js';
import { showCard } from '../terminal/show.js';
import { shown } from '../terminal/shown.js';
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

async function ownerOfToken(context: Context): Promise<void> {
  const { server } = await context.account();
  const me = await askOwner(context);
  const json = {
    username: me?.username ?? null,
    server,
    currency: me?.currency ?? null,
    profile: null,
    expiresAt: null,
  };
  await showCard(context, json, [
    { label: 'username', people: me?.username },
    { label: 'server', people: server },
    { label: 'currency', people: me?.currency },
    { label: 'by', people: 'the token in PAY_TOKEN' },
  ]);
}

/** The account in use, from what is kept here, without the network; only the owner of PAY_TOKEN is the server's to know. */
async function whoami(context: Context): Promise<void> {
  if (context.environment.PAY_TOKEN) {
    await ownerOfToken(context);
    return;
  }
  const account = await context.account();
  const { server, profile, profileName } = account;
  if (profile?.session === undefined) {
    throw noSession(account, await context.config());
  }
  const { username, currency, session } = profile;
  await showCard(
    context,
    { username, server, currency, profile: profileName, expiresAt: session.expiresAt },
    [
      { label: 'username', people: username },
      { label: 'server', people: server },
      { label: 'currency', people: currency },
      { label: 'profile', people: profileName },
      { label: 'until', people: localTime(session.expiresAt), machine: [session.expiresAt] },
    ],
  );
}

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay whoami', 'pay whoami --json --fields username']).action(start(whoami));
}
