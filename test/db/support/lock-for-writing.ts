// A program of its own: holds the write lock of a database until its stdin ends, or is killed.
import { once } from 'node:events';
import { openWriter } from '../../../db/connect.js';

const [file = ''] = process.argv.slice(2);
const writer = openWriter(file);
const trx = await writer.transaction();
process.stdout.write('locked\n');
await once(process.stdin.resume(), 'end');
await trx.rollback();
await writer.destroy();
