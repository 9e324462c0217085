import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Ending } from '../support/ending.js';
import { median } from '../support/load/statistics.js';
import { payServer, plainEnvironment, startPay } from '../support/program.js';
import { asSeconds, asTimes, type Bench } from '../support/row.js';

const withinMs = 60_000;

async function timeOf(words: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const { failed } = await execa(process.execPath, words, {
    env: plainEnvironment(),
    extendEnv: false,
    stdin: 'ignore',
    timeout: withinMs,
  });
  assert(!failed);
  return performance.now() - startedMs;
}

/** In the order A B B A, so that a machine that slows down or speeds up favours neither. */
async function versionRatio(): Promise<number> {
  const [nothing, version] = [
    ['-e', '0'],
    [payServer, '--version'],
  ];
  const before = await timeOf(nothing ?? []);
  const took = (await timeOf(version ?? [])) + (await timeOf(version ?? []));
  return took / (before + (await timeOf(nothing ?? [])));
}

async function secondsToReady(ending: Ending, folder: string): Promise<number> {
  const pay = await startPay(ending, folder);
  await pay.stop();
  return pay.readyMs / 1000;
}

export const starts: Bench = {
  rows: [
    {
      name: 'version',
      what: '`pay-server --version`, of `node -e 0`',
      better: 'less',
      must: 2,
      text: asTimes,
    },
    { name: 'ready-new', what: 'ready on a new folder', better: 'less', must: 1, text: asSeconds },
    { name: 'ready-used', what: 'ready on a used folder', better: 'less', must: 1, text: asSeconds },
  ],

  async measure({ ending, folder: parent, sizes }) {
    return ending.during(async (inner) => {
      const ratios: number[] = [];
      const onNew: number[] = [];
      const onUsed: number[] = [];
      for (let round = 0; round < sizes.rounds; round += 1) {
        ratios.push(await versionRatio());
        const folder = await mkdtemp(join(parent, 'start-'));
        onNew.push(await secondsToReady(inner, folder));
        onUsed.push(await secondsToReady(inner, folder));
      }
      return {
        figures: { version: median(ratios), 'ready-new': median(onNew), 'ready-used': median(onUsed) },
        notes: [],
      };
    });
  },
};
