// A program of its own: takes a database as a server does and keeps it until its stdin ends.
import { once } from 'node:events';
import { holdDatabase } from '../../../db/open/open-database.js';

const [file = ''] = process.argv.slice(2);
process.stdout.write('begins\n');
try {
  const held = await holdDatabase(file);
  process.stdout.write('holds\n');
  await once(process.stdin.resume(), 'end');
  await held.release();
} catch (error) {
  process.stderr.write(`${(error as Error).name}: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
