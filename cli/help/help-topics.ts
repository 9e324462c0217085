import { exitStatuses } from '../failure/exit-status.js';

export interface HelpTopic {
  readonly name: string;
  readonly summary: string;
  readonly text: () => string;
}

function exitCodes(): string {
  const lines = Object.values(exitStatuses).map(
    ({ status, meaning }) => `  ${String(status).padStart(3)}  ${meaning}\n`,
  );
  return `How a command ends, as its exit status:\n\n${lines.join('')}`;
}

const variables: readonly (readonly [string, string])[] = [
  ['PAY_SERVER', 'The server to talk to (https://127.0.0.1:8443).'],
  ['PAY_PROFILE', 'The profile to use instead of the current one.'],
  ['PAY_TOKEN', 'A token to use instead of a session, for scripts.'],
  ['PAY_CONFIG_DIR', "The folder of sessions, accepted servers and what is unsettled (the platform's)."],
  ['PAY_CA', 'A PEM file with certificates that are trusted beside the known authorities.'],
  ['PAY_KEYCHAIN', 'off: keep tokens in a file that only you can read instead of the system keychain.'],
  ['NO_COLOR', 'Anything but nothing: no colours; the same as --no-color.'],
  [
    'FORCE_COLOR',
    '1: colours even to a pipe, in messages and in tables (--table); 0: none. It beats NO_COLOR.',
  ],
  ['PAY_PAGER, PAGER', 'What long lists open in on a terminal (less); nothing or cat: no pager.'],
  [
    'LC_ALL, LANG',
    'How numbers are written for people, and may be typed on a terminal. Piped output and JSON never change.',
  ],
  ['TZ', 'Where days begin, in filters and in exports.'],
];

function environment(): string {
  const lines = variables.map(([name, meaning]) => `  ${name.padEnd(14)}  ${meaning}\n`);
  return `What the environment says; flags say more:\n\n${lines.join('')}`;
}

function formats(): string {
  return `How results are written:

  on a terminal    For people: tables, cards, local and relative times. Longer lists open in a pager
                   (PAY_PAGER, PAGER, less), unless --no-pager says no.
  to a pipe        Rows of cells separated by tabs: whole, without a header, times in UTC.
                   Control characters in what others wrote are shown as ‹U+001B›.
  --table, --tsv   A list as a table, or as rows of cells, wherever it goes.
  --columns a,b    A list with only these columns, in this order, by their names in the table or in
                   CSV; in CSV, day is the day of a time where you are.
  --limit <n>      Without it a terminal gets 20 and everything else all. Where it leaves some out, a
                   word on stderr says so.
  --json           JSON: one object, a list as one array, a stream (pay watch) as one
                   object a line. Amounts are decimal strings. Errors are JSON, too, on stderr.
  --fields a,b.c   JSON with only these fields; a point leads to a field of a field.
  --jq <filter>    What a jq filter makes of that JSON, one result a line; text without quotes.
                   A filter that cannot be read is refused before anything is done.

pay history --format <format> writes the whole filtered history, however long; json, ndjson and
csv newest first, the others in the order of time:

  json             One array. With --jq, the filter sees the array, which must fit into memory.
  ndjson           One JSON object a line; --jq sees one after the other.
  csv              For spreadsheets (RFC 4180). Cells that would run as formulas begin with '.
  ledger           A journal for Ledger and hledger, strict ones too.
  beancount        A file for Beancount.
  ofx              A bank statement (OFX 2.2) for GnuCash, KMyMoney, HomeBank and the like.

In ledger and beancount your account is Assets:Pay:<you>. What you sent stands against
Expenses:Pay, what you received against Income:Pay, and refunds make them smaller; opening
credit and adjustments stand against Equity:Pay. Whom it was with is the payee. Another
currency has its total cost (@@). Days are yours (TZ), as in --since, with the exact time beside. The account's balance is that of
\`pay balance\` as long as nothing was filtered out; then it is asserted at the end. To read
two exports together, write one of them with --no-declarations.

Where an export is cut off, pay ends with 6 and what closes the file is missing: the bracket
of json, the elements of ofx, the comment "The end." of ledger and beancount.
`;
}

function scripting(): string {
  return `How to pay from scripts:

  A token       \`pay tokens create --name backup --scopes read,pay\`
                makes one, shown once. Scripts take it from PAY_TOKEN; where it may do less, it can
                lose less: read, request, pay. \`pay tokens revoke <id>\` ends it.
  A code        Where your second factor is asked for (pay 2fa), --code gives it, for example of a
                program that makes codes. A token pays up to \`pay 2fa above\` without one.
  A server      PAY_SERVER says which. Accept its key once by hand, or give --fingerprint with what
                \`pay-server start\` prints.
  No questions  Without a terminal nothing is asked: what is missing ends with 2 and is named. --yes
                stands for the answer to the last question.
  Results       --json, --fields and --jq are for programs; piped tables are cells separated by tabs.
                See: pay help formats
  Status        0 is done; 1 refused; 6 nothing happened, so try again; 7 not known.
                See: pay help exit-codes

Money never moves twice. Give every payment a key of your own, such as the number of an invoice, and
run the same command again whenever you are in doubt: it tells the first answer again.

  pay send bob 10 --memo "invoice 17" --key invoice-17 --yes

Without --key one is made and kept on the disk before anything is sent, and a command that ends with 7
prints the command that settles what became of it.

  pay history --jq '.[] | select(.direction == "received") | .id'
  pay watch --json | while read -r event; do …; done
  pay send --file payouts.csv --yes
  pay shell < commands.txt
`;
}

/** What `pay help` explains besides the commands. */
export const helpTopics: readonly HelpTopic[] = [
  { name: 'exit-codes', summary: 'what the exit status says', text: exitCodes },
  { name: 'environment', summary: 'the variables that are read', text: environment },
  { name: 'formats', summary: 'how results are written, and exports for accounting', text: formats },
  { name: 'scripting', summary: 'tokens, keys and statuses, for scripts', text: scripting },
];
