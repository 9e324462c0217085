import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { constants, cpus, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import type { Attack } from './fair/attack.js';
import { attacks } from './fair/attacks.js';
import { seedPayments } from './seed-payments.js';
import { Ending } from './support/ending.js';
import { type Person, writePeople } from './support/load/person.js';
import { startPay } from './support/program.js';
import { readWords } from './support/read-words.js';

// What one attacker costs others: their payments, at a modest and even rate, without the attack and beside it.

const help = `npm run bench:fair -- [options]

  --seconds N   how long the others pay in each half of a case (6)
  --rate N      payments a second of all others together (50)
  --payments N  the attacker's own history (100000)
  --only A,B    only these cases
  --list        names the cases
`;

const { values: flags } = readWords(() =>
  parseArgs({
    options: {
      seconds: { type: 'string', default: '6' },
      rate: { type: 'string', default: '50' },
      payments: { type: 'string', default: '100000' },
      only: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }),
);

/** A p99 beside an attacker of so many times the others' own without one is still fair. */
const mostTimes = 10;
/** The attack is under way before the others are looked at. */
const headStartMs = 1_500;
const settleMs = 1_500;

const tell = (line: string) => process.stdout.write(`${line}\n`);
const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const milliseconds = (micros: number) => `${(micros / 1000).toFixed(1)} ms`;

interface Paced {
  readonly failed: number;
  readonly firstRefusal: string | null;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

interface Stage {
  readonly folder: string;
  readonly url: string;
  readonly peopleFile: string;
  /** Who may attack, one for each case, the first with a long history. */
  readonly attackers: readonly Person[];
}

let nextPayment = 1;
/** How long the others' payments take to come to their rate. */
const leadSeconds = 2;

/** The others' payments, from a process of their own. */
async function payAlong({ url, peopleFile }: Stage): Promise<Paced> {
  const program = join(import.meta.dirname, 'support/paced-payments.js');
  const [rate, seconds] = [Number(flags.rate), Number(flags.seconds)];
  const words = [program, url, peopleFile, ...[rate, seconds, leadSeconds, nextPayment].map(String)];
  nextPayment += rate * (seconds + leadSeconds);
  const { stdout } = await execa(process.execPath, words, {
    timeout: (seconds + 120) * 1000,
    stdin: 'ignore',
  });
  return JSON.parse(stdout) as Paced;
}

/** The others' payments beside the attack, and how often the server answered that with what. */
async function payBeside(stage: Stage, attack: Attack, number: number) {
  const first = attack.isOfLongHistory ? 0 : 2 + 2 * number;
  const file = join(stage.folder, 'attackers.txt');
  writePeople(file, stage.attackers.slice(first, first + 2));
  const program = join(import.meta.dirname, 'fair/attacking.js');
  const attacking = execa(process.execPath, [program, attack.name, stage.url, file], { stdin: 'ignore' });
  if (attacking.pid !== undefined) {
    // What the attacker's machine takes of this one is not what is measured.
    setPriority(attacking.pid, constants.priority.PRIORITY_LOW);
  }
  await after(headStartMs);
  const beside = await payAlong(stage);
  attacking.kill('SIGTERM');
  const { stdout } = await attacking;
  return { beside, statuses: JSON.parse(stdout) as Readonly<Record<string, number>> };
}

async function measure(stage: Stage, attack: Attack, number: number): Promise<void> {
  const alone = await payAlong(stage);
  const { beside, statuses } = await payBeside(stage, attack, number);
  const times = beside.p99Micros / alone.p99Micros;
  const isFair = times < mostTimes && beside.failed === 0;
  const answers = Object.entries(statuses)
    .map(([status, count]) => `${count} × ${status === '0' ? 'cut' : status}`)
    .join(', ');
  tell(
    `${attack.name.padEnd(12)} p50 ${milliseconds(alone.p50Micros)} → ${milliseconds(beside.p50Micros)}, ` +
      `p99 ${milliseconds(alone.p99Micros)} → ${milliseconds(beside.p99Micros)}: ${times.toFixed(1)} ×  ` +
      `${isFair ? 'reached' : 'MISSED'}  (${attack.what}; answered ${answers || 'nothing'}${
        beside.failed > 0 ? `; ${beside.failed} others refused: ${beside.firstRefusal}` : ''
      })`,
  );
  if (!isFair) {
    process.exitCode = 1;
  }
  await after(settleMs);
}

function wantedAttacks(): readonly Attack[] {
  const names = attacks.map(({ name }) => name);
  const wanted = flags.only?.split(',') ?? names;
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no case ${unknown.join(', ')}. Name some of ${names.join(', ')}.`);
  }
  return attacks.filter(({ name }) => wanted.includes(name));
}

async function run(ending: Ending): Promise<void> {
  const wanted = readWords(wantedAttacks);
  const folder = await mkdtemp(join(tmpdir(), 'pay-fair-'));
  ending.later(() => rm(folder, { recursive: true, force: true }));
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const history = Number(flags.payments);
  tell(`${cpus().length} cores, Node ${process.version}; a history of ${history} payments is made first`);
  const people = await seedPayments(join(data, 'pay.db'), Math.ceil(history * 1.1), 300, {
    received: [history],
    firstFromOne: 0,
  });
  const { url } = await startPay(ending, data, { PAY_RATE_LIMITS: 'on', PAY_WEBHOOKS_PRIVATE: 'true' });
  const peopleFile = join(folder, 'others.txt');
  const pounds = people.filter(({ currency }) => currency === 'GBP');
  const attackers = [people[0] as Person, ...pounds.slice(1, 60)];
  writePeople(peopleFile, pounds.slice(60));
  const stage = { folder, url, peopleFile, attackers };
  await payAlong(stage);
  for (const [number, attack] of wanted.entries()) {
    await measure(stage, attack, number);
  }
}

async function main(): Promise<void> {
  if (flags.help) {
    tell(help);
    return;
  }
  if (flags.list) {
    tell(attacks.map(({ name, what }) => `${name.padEnd(12)} ${what}`).join('\n'));
    return;
  }
  const ending = new Ending();
  const interrupt = () => void ending.end().then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, interrupt);
  }
  try {
    await run(ending);
  } finally {
    await ending.end();
  }
}

await main();
