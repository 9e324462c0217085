import { besideServer } from '../compose/beside-server.js';
import { configuredRates } from '../compose/configured-rates.js';
import { makeAdministrator } from '../compose/make-administrator.js';
import { findRunning } from '../compose/running-server.js';
import { adminRegistrationSchema } from '../features/accounts/wire.js';
import { openLeakedList } from '../features/credentials/leaked-passwords.js';
import { makeOneTimePassword, oneTimeMicros } from '../features/credentials/one-time-password.js';
import { makePasswordHasher } from '../features/credentials/password-hash.js';
import { makePasswordJudge } from '../features/credentials/password-strength.js';
import { useCurrencies } from '../money/currency.js';
import type { ServerFlags, Settings } from '../settings.js';
import { type AdministratorFlags, askAdministrator } from './ask-administrator.js';
import { payBeside, usualName } from './command/as-called.js';
import { CommandProblem } from './command/command-problem.js';
import type { ServerCommandContext, ServerProgram } from './command/server-command.js';
import { addSettings, dataSettings } from './command/setting-options.js';
import { settingsBesideServer } from './command/settings-beside-server.js';
import { serverFlag } from './command/what-is-next.js';

type Flags = ServerFlags & AdministratorFlags;

export function addAdminCreate({ program, context, act }: ServerProgram): void {
  const admin = program.command('admin').description('the administrators, from the server’s own machine');
  const create = admin
    .command('create')
    .description('make an administrator, also beside a running server; asks for what is missing')
    .option('-u, --username <name>', 'how others will call them')
    .option('--email <address>', 'their email address')
    .option('--currency <code>', 'the currency that they hold (default: that of the opening credit)')
    .option('--password-stdin', 'read the password from stdin instead of asking')
    .option(
      '--one-time-password',
      'make a password for one log-in within seven days, and write it, alone, to stdout',
    );
  addSettings(create, [
    ...dataSettings,
    'timePort',
    'timeAddress',
    'timeCaPath',
    'currenciesPath',
    'openingCredit',
  ]).action(act((flags: Flags) => createAdministrator(flags, context)));
}

/** The flag of each field that can be wrong. */
const flagOf: Readonly<Record<string, string>> = { password: '--password-stdin' };

async function readWanted(flags: Flags, settings: Settings, context: ServerCommandContext) {
  const asked = await askAdministrator(context, flags);
  const oneTime = flags.oneTimePassword === true;
  const password = oneTime ? makeOneTimePassword() : asked.password;
  const currency = flags.currency?.toUpperCase() ?? settings.openingCredit.currency;
  const { data, error } = adminRegistrationSchema.safeParse({ ...asked, password, currency });
  if (error) {
    const complaints = error.issues.map(({ path: [field], message }) => {
      const name = String(field);
      return `${flagOf[name] ?? `--${name}`}: ${message}.`;
    });
    throw new CommandProblem(2, complaints.join('\n'));
  }
  return { ...data, currency, oneTime };
}

const advice: Readonly<Record<string, string>> = {
  USERNAME_TAKEN:
    ' A user who is there already is made an administrator by another one; where there is none yet, make one under another name first.',
};

async function createAdministrator(flags: Flags, context: ServerCommandContext): Promise<number> {
  const settings = await settingsBesideServer(flags, context.environment);
  const rates = await configuredRates(settings);
  useCurrencies(rates.currencies);
  const { username, email, password, currency, oneTime } = await readWanted(flags, settings, context);
  const judge = makePasswordJudge([], undefined, await openLeakedList(settings.leakedPasswordsPath));
  // A password that is made here is not judged.
  const weakness = oneTime ? undefined : await judge(password, { username, email }, 'local');
  if (weakness !== undefined) {
    throw new CommandProblem(1, weakness);
  }
  const passwordHash = await makePasswordHasher().hash(password, 'local');
  const made = await makeAdministrator(settings, rates, {
    ...{ username, email, passwordHash, currency },
    ...(oneTime && { oneTimeForMicros: oneTimeMicros.registration }),
  });
  if (made.copy !== undefined) {
    context.stderr.write(
      `pay-server: the database was brought up to date; as it was it is kept in ${made.copy}.\n`,
    );
  }
  if (made.missed !== undefined) {
    context.stderr.write(
      `pay-server: no timestamp service answered at ${made.missed}; one was started here for the moment.\n`,
    );
  }
  if ('refusal' in made) {
    const { code, detail } = made.refusal;
    throw new CommandProblem(1, `${detail} (${code})${advice[code] ?? ''}`);
  }
  const { user } = made;
  const pay = payBeside(context.calledAs ?? usualName);
  const running = await findRunning(besideServer(settings)).catch(() => undefined);
  const server = running?.about === undefined ? '' : serverFlag(running.about.url);
  const report = oneTime ? context.stderr : context.stdout;
  report.write(
    `The administrator ${user.username} is made and holds ${user.balance.amount} ${user.balance.currency}. Log in: ${pay} login ${user.username}${server}\n`,
  );
  if (oneTime) {
    context.stdout.write(`${password}\n`);
  }
  return 0;
}
