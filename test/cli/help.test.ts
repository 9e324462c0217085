import test from 'ava';
import { Command } from 'commander';
import { commands } from '../../cli/commands.js';
import { examplesFor } from '../../cli/help.js';
import { nearest } from '../../cli/nearest.js';

function withBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withBelow)];
}

test('every command, and every one below it, has an example and says what it is for', async (t) => {
  const program = new Command('pay');
  for (const entry of commands) {
    const command = program.command(entry.name).summary(entry.summary);
    (await entry.load()).define(command, () => async () => undefined);
  }
  const all = program.commands.flatMap(withBelow);
  t.true(all.length > 50);
  const bare = all.filter((command) => examplesFor(command).length === 0 || command.summary() === '');
  t.deepEqual(
    bare.map((command) => `${command.parent?.name()} ${command.name()}`),
    [],
  );
});

test('the nearest word is found by left out, doubled, wrong and swapped letters, and no far one is', (t) => {
  const known = ['send', 'request', 'requests', 'history', 'exit-codes'];
  t.is(nearest('snd', known), 'send');
  t.is(nearest('sned', known), 'send');
  t.is(nearest('SEND', known), 'send');
  t.is(nearest('hisstory', known), 'history');
  t.is(nearest('reqest', known), 'request');
  t.is(nearest('exit-code', known), 'exit-codes');
  t.is(nearest('balance', known), undefined);
  t.is(nearest('', known), undefined);
});
