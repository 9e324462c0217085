import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { startPayServer } from '../cli/support/pay-server.js';
import { register } from '../cli/support/person.js';
import { startSlowNetwork } from '../cli/support/slow-network.js';
import { runInTerminal } from '../cli/support/terminal.js';

// From Enter to the result on the screen, over a network of 5 ms each way, beside what the server itself takes.

const rounds = Number(process.env.PAY_BENCH_ROUNDS ?? 30);
const networkMs = 5;
const targetMs = 30;
const tell = (line: string) => process.stdout.write(`${line}\n`);

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

const server = await startPayServer();
const network = await startSlowNetwork(server, networkMs);
const alice = await register(network, 'alice', 'GBP');
const bob = await register(server, 'bob', 'GBP');
await alice.json('send', 'bob', '1', '--yes');
await bob.json('send', 'alice', '1', '--yes');
const tokens = JSON.parse(await readFile(join(alice.folder, 'credentials.json'), 'utf8')) as Record<
  string,
  string
>;
const [token = ''] = Object.values(tokens);
const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });

async function own(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const { body } = await request(`${server.url}${path}`, {
      dispatcher,
      headers: { authorization: `Bearer ${token}` },
    });
    await body.text();
  }
}

const subjects = [
  { line: 'balance', shown: / GBP\r?\n/, paths: ['/v1/me'] },
  { line: 'history', shown: /from|bob/, paths: ['/v1/payments?limit=20'] },
  { line: 'requests', shown: /No request is pending/, paths: ['/v1/requests?status=pending&limit=20'] },
  { line: 'convert 10 GBP USD', shown: /12\.70 USD/, paths: ['/v1/convert?from=GBP&to=USD&amount=10'] },
];

const shell = runInTerminal(['shell'], alice.environment, 100);
await shell.sees('› ');
await new Promise((resolve) => setTimeout(resolve, 3_000));
for (const { line, shown, paths } of subjects) {
  const [inShell, byServer]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    byServer.push(await timed(() => own(paths)));
    shell.type(line);
    await shell.sees(line);
    inShell.push(
      await timed(async () => {
        shell.type('\r');
        await shell.sees('\n');
        await shell.sees(shown);
      }),
    );
    await shell.sees('› ');
  }
  const [shellMs, serverMs] = [median(inShell), median(byServer)];
  tell(
    `${line.padEnd(20)} ${shellMs.toFixed(1)} ms in the shell, ${serverMs.toFixed(1)} ms the server alone: ` +
      `${(shellMs - serverMs).toFixed(1)} ms more  at most ${targetMs}`,
  );
}
tell(`${network.connections()} connections`);
shell.type('\u0004');
await shell.ended;
await dispatcher.close();
await network.stop();
await server.stop();
