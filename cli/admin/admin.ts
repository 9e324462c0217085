import { type Command, Option } from 'commander';
import { adminUserShape, newInvitationShape, paymentShape, userShape } from '../api/shapes.js';
import type { Start } from '../command.js';
import { withExamples } from '../help/help.js';
import { addHistoryFlags } from '../history/history-flags.js';
import { listsAlone } from '../lists/noun.js';
import { addPeriodFlags } from '../lists/period-flags.js';
import { addLimitFlags, addListFlags, addPageFlag } from '../lists/show-list-as.js';
import { statementFormats } from '../statements/statement-command.js';
import { addAsciiFlag } from '../terminal/charts/ascii.js';
import { addDisplayFlags } from '../terminal/display-options.js';
import { addActFlags } from './act-on-user/act-flags.js';
import { asAdmin } from './act-on-user/as-admin.js';
import { add } from './add.js';
import { addUsers } from './add-users.js';
import { audit } from './audit/audit.js';
import { actWords, readAct } from './audit/audit-actions.js';
import { books } from './books.js';
import { demote } from './demote.js';
import { freeze } from './freeze.js';
import { invitations, invite, uninvite } from './invitations.js';
import { defineLimits } from './limits.js';
import { adjust } from './payments/adjust.js';
import { payment } from './payments/payment.js';
import { payments } from './payments/payments.js';
import { promote } from './promote.js';
import { resetFactor } from './reset-factor.js';
import { resetPassword } from './reset-password.js';
import { statements } from './statements.js';
import { stats } from './stats.js';
import { unfreeze } from './unfreeze.js';
import { user } from './user.js';
import { users } from './users.js';

const looking = 'Look:';
const acting = 'Act:';

function addUserFlags(command: Command): Command {
  const list = addListFlags(
    command
      .option('-q, --search <text>', 'only with this text in the username, email or name')
      .addOption(new Option('--role <role>', 'only of this role').choices(['user', 'admin']))
      .addOption(new Option('--status <status>', 'only those that are so').choices(['active', 'frozen']))
      .option('--currency <code>', 'only who hold this currency'),
  );
  return addPageFlag(list);
}

function defineUsers(admin: Command, start: Start): void {
  listsAlone(admin, start, users, addUserFlags, userShape);
  const list = withExamples(
    admin.command('users').summary('every account with its balance').helpGroup(looking),
    [
      'pay admin users',
      'pay admin users --search alice',
      'pay admin users --status frozen --all',
      'pay admin users --format csv > users.csv',
    ],
  );
  addUserFlags(list).action(start(users, userShape));
  admin
    .command('user')
    .summary('one user whole')
    .helpGroup(looking)
    .argument('[user]', 'the username')
    .action(start(user, adminUserShape));
}

function definePayments(admin: Command, start: Start): void {
  const list = withExamples(admin.command('payments').summary('every payment').helpGroup(looking), [
    'pay admin payments',
    'pay admin payments --user alice --direction sent',
    'pay admin payments --currency GBP --min 1000 --since 2026-11-01',
    'pay admin payments --format csv > payments.csv',
  ]).option('--user <user>', "only this user's; the other filters mean what they mean to them");
  addPageFlag(addListFlags(addHistoryFlags(list))).action(start(payments, paymentShape));
  admin
    .command('payment')
    .summary('everything about one payment')
    .helpGroup(looking)
    .argument('[id]', 'the id, as `pay admin payments` gives it')
    .action(start(payment, paymentShape));
}

function defineStatements(admin: Command, start: Start): void {
  withExamples(
    admin.command('statements').summary("everybody's statement of a period, as files").helpGroup(looking),
    [
      'pay admin statements 2026-10 --out october          an HTML file each',
      'pay admin statements last-month --out files --format csv',
    ],
  )
    .argument('[period]', 'a day, month or year such as 2026-10, or a word such as last-month (last-month)')
    .option('--out <folder>', 'where they go; those that are there already stay')
    .addOption(new Option('--format <format>', 'how to write them').choices(statementFormats).default('html'))
    .action(start(statements, { folder: 'value', written: 'value', kept: 'value' }));
}

function defineTrail(admin: Command, start: Start): void {
  const trail = withExamples(
    admin.command('audit').summary('who did what, when and from where').helpGroup(looking),
    [
      'pay admin audit',
      'pay admin audit --subject alice              what was done to alice',
      'pay admin audit --action session.refused     failed logins',
      'pay admin audit --action user --since 2026-11-01 --format csv > audit.csv',
    ],
  )
    .option('--actor <user>', 'only what this user did')
    .addOption(
      new Option('--action <act>', 'only this act; a noun is all of its acts')
        .choices(actWords)
        .argParser(readAct),
    )
    .option('--subject <name>', 'only what was done to this user, or to this id');
  addPageFlag(addListFlags(addPeriodFlags(trail)))
    .addOption(
      new Option('-f, --follow', 'the newest, oldest first, then what is done from now on').conflicts([
        'page',
        'all',
        'format',
        'columns',
      ]),
    )
    .action(start(audit));
  const figures = withExamples(
    admin
      .command('stats')
      .summary('members, money, volume, what waits and what was refused')
      .helpGroup(looking),
    [
      'pay admin stats                            the last thirty days',
      'pay admin stats 2026-10 --currency EUR',
    ],
  )
    .argument('[period]', 'a day, month or year such as 2026-10, a word such as last-month, or 90d')
    .option('--currency <code>', 'whose volume and largest payments (yours)');
  addAsciiFlag(addPeriodFlags(figures)).action(start(stats));
  admin
    .command('books')
    .summary('check the books; ends with 1 where they do not balance')
    .helpGroup(looking)
    .action(start(books));
}

function defineChanges(admin: Command, start: Start): void {
  const changes = [
    ['freeze', freeze, 'keep a user from paying; they are told the reason', userShape],
    ['unfreeze', unfreeze, 'let a user pay again', userShape],
    [
      'reset-password',
      resetPassword,
      'give a user a one-time password, and end their sessions',
      { username: 'value', oneTimePassword: 'value' },
    ],
    ['reset-2fa', resetFactor, 'switch off the second factor of a user who has lost it', userShape],
    ['promote', promote, 'make a user an administrator', userShape],
    ['demote', demote, 'make an administrator a user', userShape],
  ] as const;
  for (const [name, run, summary, answer] of changes) {
    const change = withExamples(admin.command(name).summary(summary).helpGroup(acting), [
      `pay admin ${name} alice`,
      `pay admin ${name} alice --reason "ticket 4711" --yes`,
    ]).argument('[user]', 'whom');
    addActFlags(change).action(start(run, answer));
  }
}

function defineAdd(admin: Command, start: Start): void {
  withExamples(admin.command('add').summary('register a further administrator').helpGroup(acting), [
    'pay admin add',
    'pay admin add carol --email carol@example.org --password-stdin < pw',
  ])
    .argument('[username]', 'how the administrator is called')
    .option('-u, --username <name>', 'how the administrator is called')
    .option('--email <address>', 'the email address')
    .option('--currency <code>', 'the currency of their account; yours, if it is not said')
    .option('--password-stdin', 'read the password from stdin instead of asking')
    .option('-y, --yes', 'do not ask')
    .action(start(add, userShape));
}

function defineJoining(admin: Command, start: Start): void {
  withExamples(admin.command('add-users').summary('register everybody in a CSV file').helpGroup(acting), [
    'pay admin add-users people.csv              username,email,currency; asks first',
    'pay admin add-users people.csv --out passwords.csv --yes',
  ])
    .argument('[file]', 'the file, one person a line: username, email, currency')
    .option('--out <file>', 'write the one-time passwords to this file, which only you can read')
    .option('-y, --yes', 'do not ask')
    .action(
      start(addUsers, { username: 'value', email: 'value', oneTimePassword: 'value', expiresAt: 'value' }),
    );
  withExamples(admin.command('invite').summary('make invitations to register').helpGroup(acting), [
    'pay admin invite --note "class 5b" --count 28 --expires 30d   one a line, to print or send',
  ])
    .option('--note <text>', 'whom they are for, or what')
    .option('--count <n>', 'how many, 1 to 100 (1)')
    .option('--expires <when>', 'how long they hold, or until which day (30d)')
    .option('-y, --yes', 'do not ask')
    .action(start(invite, newInvitationShape));
  const invited = withExamples(
    admin.command('invitations').summary('invitations, and who was registered with them').helpGroup(looking),
    ['pay admin invitations --status open      those that nobody has used yet'],
  ).addOption(
    new Option('--status <status>', 'only those that are so').choices(['open', 'used', 'revoked', 'expired']),
  );
  addDisplayFlags(addLimitFlags(invited)).action(start(invitations));
  withExamples(admin.command('uninvite').summary('take an invitation back').helpGroup(acting), [
    'pay admin uninvite                       choose one that is open',
  ])
    .argument('[id]', 'the id, as `pay admin invitations` gives it')
    .option('-y, --yes', 'do not ask')
    .action(start(uninvite, { id: 'value' }));
}

function defineAdjust(admin: Command, start: Start): void {
  const command = withExamples(admin.command('adjust').summary('credit or debit a user').helpGroup(acting), [
    'pay admin adjust alice 10 --credit --reason "goodwill"      asks, after showing the balance after',
    'pay admin adjust alice 10 --debit --dry-run --reason "fee"  what would happen',
  ])
    .argument('[user]', 'whose balance')
    .argument('[amount]', "how much, in the user's currency")
    .addOption(new Option('--credit', 'the user has more').conflicts('debit'))
    .option('--debit', 'the user has less')
    .option('--corrects <id>', 'the payment of this user that it corrects; both then name each other')
    .option('--dry-run', 'only show what would happen');
  addActFlags(command)
    .option('--key <key>', 'the idempotency key; money moves at most once for each')
    .action(start(adjust, paymentShape));
}

export function define(command: Command, start: Start): void {
  withExamples(command, [
    'pay admin users --search alice             find somebody',
    'pay admin user alice                       everything about one user',
    'pay admin freeze alice --reason "stolen"   shows whom, and asks',
    'pay admin payment <id>                     everything about one payment',
    'pay admin audit --subject alice            what was done, by whom and why',
    'pay admin stats                            how the whole is doing',
    'pay admin books                            whether everything agrees',
  ]);
  const startAsAdmin: Start = (run, answer) => start(asAdmin(run), answer);
  for (const part of [
    defineUsers,
    definePayments,
    defineStatements,
    defineTrail,
    defineAdd,
    defineJoining,
    defineChanges,
    defineAdjust,
    defineLimits,
  ]) {
    part(command, startAsAdmin);
  }
}
