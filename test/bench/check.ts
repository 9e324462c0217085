import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDatabaseFile } from '../../server/books/check-database.js';
import { seedPayments } from './seed-payments.js';

const howMany = Number(process.argv[2] ?? 1_000_000);
const folder = await mkdtemp(join(tmpdir(), 'pay-bench-'));
const seconds = (fromMs: number) => ((performance.now() - fromMs) / 1000).toFixed(1);

try {
  const file = join(folder, 'pay.db');
  process.stderr.write(
    `making ${howMany.toLocaleString('en')} payments, which takes minutes for a million …\n`,
  );
  const seededMs = performance.now();
  await seedPayments(file, howMany);
  process.stderr.write(`made in ${seconds(seededMs)} s\n`);
  const checkedMs = performance.now();
  const { balanced, payments, entries } = await checkDatabaseFile(file);
  const took = seconds(checkedMs);
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(
    `${payments} payments with ${entries} entries checked in ${took} s on ${cpus().length} cores, ${memory} MiB at most\n`,
  );
  if (!balanced) {
    throw new Error('The books are not right.');
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
