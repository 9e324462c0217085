import type { Command } from 'commander';
import type { Start } from '../command.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { noSession } from '../settings/no-session.js';
import { show } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';
import { forgetSession } from './save-session.js';

async function revoke(context: Context): Promise<void> {
  const api = await context.api();
  try {
    await api.call('DELETE /v1/sessions/current');
  } catch (error) {
    // A session that the server does not know any more is over.
    if (error instanceof Failure && error.kind === 'not-logged-in') {
      return;
    }
    if (error instanceof Failure && error.kind === 'unreachable') {
      const next = ['Try again later, or forget the account here only: pay profiles remove'];
      throw new Failure(error.kind, error.message, { ...error.details, next });
    }
    throw error;
  }
}

async function logout(context: Context): Promise<void> {
  if (context.environment.PAY_TOKEN) {
    throw new Failure('usage', 'PAY_TOKEN is set, so there is no session to end.', {
      next: ['Unset it: unset PAY_TOKEN', 'Then, to revoke the token: pay tokens revoke <id>'],
    });
  }
  const account = await context.account();
  const { profileName, profile, server } = account;
  if (profileName === undefined || profile?.session === undefined) {
    throw noSession(account, await context.config(), context.flags);
  }
  await revoke(context);
  await forgetSession(context, profileName);
  await show(context, {
    json: { username: profile.username, server, profile: profileName },
    people: () => shown`${context.stdout.pen.green('✓')} ${profile.username} is logged out of ${server}.\n`,
    machine: () => [[profile.username, server, profileName]],
  });
}

export function define(command: Command, start: Start): void {
  withExamples(command, ['pay logout', 'pay logout --profile work'])
    .option('-y, --yes', 'do not ask')
    .action(start(logout, { username: 'value', server: 'value', profile: 'value' }));
}
