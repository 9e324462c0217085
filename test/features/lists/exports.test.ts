import test from 'ava';
import { makeExports } from '../../../server/features/lists/exports.js';
import type { ListReader } from '../../../server/http/answer/list-turns.js';

const share = { ofOne: 2, inAll: 4 };
const atOnce = <Result>(_: ListReader, read: () => Promise<Result>) => read();
const fromHere = (userId: number): ListReader => ({ userId, address: '192.0.2.1' });
const fromElsewhere = (userId: number): ListReader => ({ userId, address: `198.51.100.${userId}` });
const part = async () => 'a part';
const refused = (code: string) => ({ code });

function start() {
  let ms = 0;
  const cut: string[] = [];
  const exports = makeExports(share, atOnce, () => ms);
  return {
    cut,
    begin: (name: string, reader: ListReader) => exports.begin(reader, () => void cut.push(name)),
    pass: (seconds: number) => {
      ms += seconds * 1000;
    },
  };
}

test('where all places are taken, whoever has been slow for longest makes room', async (t) => {
  const { cut, begin, pass } = start();
  const [slow, slower, quick, other] = [1, 2, 3, 4].map((id) => begin(`${id}`, fromElsewhere(id)));
  await slower?.inTurn(part);
  pass(3);
  await slow?.inTurn(part);
  pass(8);
  await quick?.inTurn(part);
  await other?.inTurn(part);
  t.deepEqual(cut, []);
  begin('5', fromElsewhere(5));
  t.deepEqual(cut, ['2']);
  t.throws(() => begin('6', fromElsewhere(6)), refused('OVERLOADED'));
  pass(3);
  begin('7', fromElsewhere(7));
  t.deepEqual(cut, ['2', '1']);
});

test('an export keeps its place as long as there are others, however slow it is', async (t) => {
  const { cut, begin, pass } = start();
  const slow = begin('slow', fromElsewhere(1));
  await slow.inTurn(part);
  pass(3_600);
  begin('one', fromElsewhere(2));
  begin('two', fromElsewhere(3));
  t.deepEqual(cut, []);
  t.is(await slow.inTurn(part), 'a part');
});

test('what the server takes its time for is not the slowness of who reads', async (t) => {
  const { cut, begin, pass } = start();
  const places = [1, 2, 3, 4].map((id) => begin(`${id}`, fromElsewhere(id)));
  let finish = (_: string) => {};
  const longReading = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const readings = places.map(({ inTurn }) => inTurn(() => longReading));
  pass(60);
  t.throws(() => begin('5', fromElsewhere(5)), refused('OVERLOADED'));
  finish('at last');
  await Promise.all(readings);
  t.throws(() => begin('5', fromElsewhere(5)), refused('OVERLOADED'));
  t.deepEqual(cut, []);
});

test('where a network has all its places it is one of its own that makes room, and of one user none', async (t) => {
  const { cut, begin, pass } = start();
  await begin('elsewhere', fromElsewhere(9)).inTurn(part);
  pass(60);
  await begin('here', fromHere(1)).inTurn(part);
  await begin('here too', fromHere(1)).inTurn(part);
  pass(60);
  t.throws(() => begin('a third', fromHere(1)), refused('RATE_LIMITED'));
  t.deepEqual(cut, []);
  begin('another', fromHere(2));
  t.deepEqual(cut, ['here']);
});

test('an export that was broken off gives its place back once', async (t) => {
  const { cut, begin, pass } = start();
  const places = [1, 2, 3, 4].map((id) => begin(`${id}`, fromElsewhere(id)));
  await Promise.all(places.map(({ inTurn }) => inTurn(part)));
  pass(60);
  begin('5', fromElsewhere(5));
  t.deepEqual(cut, ['1']);
  places[0]?.close();
  begin('6', fromElsewhere(6));
  t.deepEqual(cut, ['1', '2']);
});
