import type { Command } from 'commander';
import type { Run, Start } from '../command.js';
import { forgetCache } from '../completion/cache.js';
import type { Context } from '../context.js';
import { Failure } from '../failure/failure.js';
import { withExamples } from '../help/help.js';
import { listsAlone } from '../lists/noun.js';
import { chooseAccount } from '../settings/account.js';
import { type Config, findProfile, type Profile, updateConfig } from '../settings/config-file.js';
import { noProfile, openSession } from '../settings/no-session.js';
import { addDisplayFlags, type DisplayOptions } from '../terminal/display-options.js';
import { type ListFormats, show, showList } from '../terminal/show.js';
import { shown } from '../terminal/text/shown.js';

interface ProfileLine {
  readonly name: string;
  readonly username: string;
  readonly server: string;
  readonly currency: string;
  readonly current: boolean;
  readonly loggedIn: boolean;
}

function linesOf(config: Config, now: Date): ProfileLine[] {
  return Object.entries(config.profiles).map(([name, profile]) => ({
    name,
    username: profile.username,
    server: profile.server,
    currency: profile.currency,
    current: config.current === name,
    loggedIn: openSession(profile, now) !== undefined,
  }));
}

const list: Run<DisplayOptions> = async (context, _operands, options) => {
  const listed: ListFormats<ProfileLine> = {
    rows: linesOf(await context.config(), context.now()),
    columns: [
      { header: '', people: ({ current }) => (current ? '*' : ' ') },
      { header: 'name', people: ({ name }) => name },
      { header: 'username', people: ({ username }) => username },
      { header: 'server', people: ({ server }) => server },
      { header: 'session', people: ({ loggedIn }) => (loggedIn ? 'logged in' : 'none') },
    ],
    machine: ({ name, username, server, current, loggedIn }) => [
      name,
      username,
      server,
      current ? 'current' : '',
      loggedIn ? 'logged in' : '',
    ],
    names: ['name', 'username', 'server', 'current', 'loggedIn'],
    empty: 'There are no profiles yet. Log in: pay login',
  };
  await showList(context, listed, options);
};

function existing(config: Config, name: string): Profile {
  const profile = findProfile(config, name);
  if (profile === undefined) {
    throw noProfile(config, name);
  }
  return profile;
}

/** The name that was given, or that of the profile which the person chooses. Without a terminal it must be given. @throws Failure */
async function nameOf(context: Context, given: string | undefined, message: string): Promise<string> {
  if (given !== undefined) {
    return given;
  }
  context.prompts.gate(['<name>']);
  const lines = linesOf(await context.config(), context.now());
  if (lines.length === 0) {
    throw new Failure('not-found', 'There are no profiles yet.', { next: ['Log in: pay login'] });
  }
  return await context.prompts.pick({
    message,
    flag: '<name>',
    choices: lines.map(({ name, username, server, current }) => ({
      value: name,
      name: `${name} · ${username} on ${server}${current ? ', the current one' : ''}`,
      short: name,
    })),
  });
}

/** The flag or variable that keeps another account in use than the current profile, with how it ends. */
function holderOf({ flags, environment }: Context): readonly [string, string] {
  const holders = [
    ['PAY_TOKEN', environment.PAY_TOKEN],
    ['--profile', flags.profile],
    ['--server', flags.server],
    ['PAY_PROFILE', environment.PAY_PROFILE],
    ['PAY_SERVER', environment.PAY_SERVER],
  ] as const;
  const [name] = holders.find(([, value]) => value) ?? ['--server'];
  return name.startsWith('--')
    ? [name, `Leave ${name} out; a shell that was begun with it keeps it until it is left.`]
    : [name, `Unset it first: unset ${name}`];
}

/** Makes a profile the current one. @throws Failure where this would not bring it into use */
function withCurrent(context: Context, before: Config, name: string): Config {
  existing(before, name);
  const changed = { ...before, current: name };
  const isInUse = !context.environment.PAY_TOKEN && chooseAccount(changed, context).profileName === name;
  if (!isInUse) {
    const [holder, hint] = holderOf(context);
    throw new Failure(
      'usage',
      `${holder} says who acts here, so ${name} would not be in use. Nothing was changed.`,
      {
        next: [hint],
      },
    );
  }
  return changed;
}

const use: Run<object> = async (context, [given]) => {
  const name = await nameOf(context, given, 'Which one to use?');
  const config = await updateConfig(context.folder, (before) => withCurrent(context, before, name));
  const { username, server } = existing(config, name);
  await show(context, {
    json: { name, username, server },
    people: () => shown`${context.stdout.pen.green('✓')} Now ${username} on ${server}.\n`,
    machine: () => [[name, username, server]],
  });
};

const remove: Run<object> = async (context, [given]) => {
  const name = await nameOf(context, given, 'Which one to remove?');
  const { session, server, username } = existing(await context.config(), name);
  await updateConfig(context.folder, ({ current, ...before }) => ({
    ...before,
    profiles: Object.fromEntries(Object.entries(before.profiles).filter(([other]) => other !== name)),
    ...(current !== undefined && current !== name && { current }),
  }));
  if (session) {
    await context.credentials.forget(session);
    await forgetCache(context.folder, { server, user: username });
    await context.say(shown`Its session is forgotten here; on the server it lives until it expires.`);
  }
  await show(context, {
    json: { name },
    people: () => shown`${context.stdout.pen.green('✓')} The profile ${name} is removed.\n`,
    machine: () => [[name]],
  });
};

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay profiles list',
    'pay profiles use work',
    'pay profiles remove work',
    'pay balance --profile work',
  ]);
  listsAlone(command, start, list, addDisplayFlags);
  addDisplayFlags(command.command('list').summary('the accounts known here')).action(start(list));
  command
    .command('use')
    .summary('make one the current account')
    .argument('[name]')
    .option('-y, --yes', 'do not ask')
    .action(start(use, { name: 'value', username: 'value', server: 'value' }));
  command
    .command('remove')
    .summary('forget one here')
    .argument('[name]')
    .option('-y, --yes', 'do not ask')
    .action(start(remove, { name: 'value' }));
}
