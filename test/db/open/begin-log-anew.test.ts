import test from 'ava';
import { openWriter } from '../../../db/connect.js';
import { beginLogAnew } from '../../../db/open/begin-log-anew.js';
import { guardLog } from '../../../db/open/guard-log.js';
import { leaveLogAlone, type Run } from '../../../db/open/log-steps.js';
import { makeThings, newFile } from './support/things.js';

test('a log that another program has written to since it was copied is not begun anew', async (t) => {
  const file = await makeThings(await newFile(t));
  const guard = await guardLog(file);
  const [writer, other] = [openWriter(file), openWriter(file)];
  await Promise.all([writer, other].map(leaveLogAlone));
  await writer.raw('insert into things (number) values (1)');
  const framesOf = async () => (await other.raw('PRAGMA wal_checkpoint(NOOP)'))[0].log;
  let meanwhile: () => Promise<unknown> = async () => {};
  const run: Run = async (sql) => {
    if (sql === 'BEGIN IMMEDIATE') {
      await meanwhile();
    }
    return writer.raw(sql);
  };
  const begin = () => beginLogAnew(run, guard, 'PASSIVE', () => 77);
  const markOf = async () => (await writer.raw('PRAGMA user_version'))[0].user_version;

  const before = await markOf();
  meanwhile = () => other.raw('insert into things (number) values (2)');
  t.false(await begin());
  t.is(await markOf(), before);
  const frames = await framesOf();
  t.true(frames > 1);

  meanwhile = async () => {};
  t.true(await begin());
  t.is(await markOf(), 77);
  t.is(await framesOf(), 1);
  await writer.destroy();
  await other.destroy();
  await guard.release();
});
