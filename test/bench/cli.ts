import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { register } from '../cli/support/person.js';
import { payProgram } from '../cli/support/run-pay.js';
import { startPayServer } from '../support/server-process.js';

// Whole processes, from their start to their end, as somebody at a prompt waits for them.

const rounds = Number(process.env.PAY_BENCH_ROUNDS ?? 20);
const tell = (line: string) => process.stdout.write(`${line}\n`);

interface Subject {
  readonly name: string;
  /** The most that it may take, as a multiple of Node's own start; undefined where it is only for comparison. */
  readonly target?: number;
  readonly words: () => readonly string[];
}

const nothing: Subject = { name: 'node -e 0', words: () => ['-e', '0'] };

/** The least that a program with one request over HTTPS can be. */
const bareRequest = `
const { get } = require('node:https');
const [url, token] = process.argv.slice(2);
get(url, { headers: { authorization: 'Bearer ' + token }, rejectUnauthorized: false, agent: false }, (answer) => {
  if (answer.statusCode !== 200) process.exitCode = 1;
  answer.pipe(process.stdout);
});
`;

type Environment = NodeJS.ProcessEnv;

async function timeOf(subject: Subject, env: Environment): Promise<number> {
  const words = subject.words();
  const beganMs = performance.now();
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await once(child, 'close')) as [number | null];
  const tookMs = performance.now() - beganMs;
  if (status !== 0) {
    throw new Error(`${subject.name} ended with ${status}: ${(await said).join('')}`);
  }
  return tookMs;
}

/** One paired comparison, in the order A B B A, so that a machine that slows down or speeds up favours neither. */
async function compare(subject: Subject, env: Environment): Promise<{ ratio: number; ms: number }> {
  const before = await timeOf(nothing, env);
  const took = (await timeOf(subject, env)) + (await timeOf(subject, env));
  const after = await timeOf(nothing, env);
  return { ratio: took / (before + after), ms: took / 2 };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
}

function report({ name, target }: Subject, measured: readonly { ratio: number; ms: number }[]): void {
  const ratios = measured.map(({ ratio }) => ratio);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share).toFixed(2));
  const ms = quantile(
    measured.map((one) => one.ms),
    0.5,
  );
  const aim = target === undefined ? '' : `  at most ${target.toFixed(1)}`;
  tell(`${name.padEnd(24)} ${middle} x  (half of all: ${low} to ${high})  ${ms.toFixed(0)} ms${aim}`);
}

/** The token of the one session in this folder. */
async function tokenIn(folder: string): Promise<string> {
  const tokens = JSON.parse(await readFile(join(folder, 'credentials.json'), 'utf8')) as Record<
    string,
    string
  >;
  return Object.values(tokens)[0] ?? '';
}

const folder = await mkdtemp(join(tmpdir(), 'pay-bench-cli-'));
const server = await startPayServer({ dataDir: folder });
try {
  await register(server, 'bob', 'GBP');
  const alice = await register(server, 'alice', 'GBP');
  const bare = join(folder, 'bare.cjs');
  await writeFile(bare, bareRequest);
  const token = await tokenIn(alice.folder);
  let pence = 0;
  // Never the same amount twice: that would be asked about.
  const amount = () => {
    pence += 1;
    return `${Math.floor(pence / 100)}.${String(pence % 100).padStart(2, '0')}`;
  };
  // As at this machine's own prompt: what its environment asks of Node, every process of the comparison pays for.
  const environment = { ...process.env, ...alice.environment };
  const subjects: readonly Subject[] = [
    { name: 'pay --version', target: 1.4, words: () => [payProgram, '--version'] },
    { name: 'pay balance', target: 2, words: () => [payProgram, 'balance'] },
    { name: 'pay send', target: 2.3, words: () => [payProgram, 'send', 'bob', amount(), '--yes'] },
    { name: 'Tab, values known', words: () => [payProgram, 'complete', '--', 'send', ''] },
    { name: 'one bare HTTPS request', words: () => [bare, `${server.url}/v1/me`, token] },
  ];
  tell(`${rounds} rounds of whole processes against ${nothing.name}, Node ${process.version}`);
  const measured = subjects.map(() => [] as { ratio: number; ms: number }[]);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, subject] of subjects.entries()) {
      const one = await compare(subject, environment);
      // The first round only warms up the server and the disk.
      if (round > 0) {
        measured[index]?.push(one);
      }
    }
  }
  for (const [index, subject] of subjects.entries()) {
    report(subject, measured[index] ?? []);
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
