import test from 'ava';
import { KeptTexts, mostTexts } from '../../db/kept-texts.js';

test('a text is made once, and what many ask together leaves it where it is asked for in between', (t) => {
  const texts = new KeptTexts();
  const made: string[] = [];
  const ask = (name: string) =>
    texts.get(name, () => {
      made.push(name);
      return `select ${name}`;
    });
  const asked = Array.from({ length: 3 * mostTexts }, (_, number) => `each ${number}`);
  for (const name of asked) {
    t.is(ask('users'), 'select users');
    t.is(ask(name), `select ${name}`);
  }
  t.deepEqual(made, ['users', ...asked]);
  t.is(texts.size, mostTexts);
});

test('a text that was not asked for in long is made again', (t) => {
  const texts = new KeptTexts();
  let made = 0;
  const ask = () =>
    texts.get('once', () => {
      made += 1;
      return 'select 1';
    });
  ask();
  for (let number = 0; number < mostTexts; number += 1) {
    texts.get(`each ${number}`, () => 'select 2');
  }
  ask();
  t.is(made, 2);
});
