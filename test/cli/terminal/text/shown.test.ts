import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { makePen } from '../../../../cli/terminal/text/colours.js';
import { joined, type Part, reshaped, shown } from '../../../../cli/terminal/text/shown.js';
import { hasHidden, visible } from '../../../../cli/terminal/text/visible.js';

const hostile = '\u001b]52;c;aGk=\u0007';

test('in a template our own words stand as they are, and what comes from others is made visible', (t) => {
  t.is(shown`a\n${`b\n${hostile}`}\tc ${7}`.text, `a\n${visible(`b\n${hostile}`)}\tc 7`);
});

test('what is shown already goes into another text as it stands, and once', (t) => {
  const pen = makePen(1);
  const bold = pen.bold(`bob${hostile}`);
  t.is(bold.text, `\u001b[1m${visible(`bob${hostile}`)}\u001b[22m`);
  t.is(shown`to ${bold}!`.text, `to ${bold.text}!`);
  t.is(joined([bold, hostile], '\n').text, `${bold.text}\n${visible(hostile)}`);
  t.true(pen.dim(bold).text.includes(bold.text));
  t.is(String(bold), visible(`bob${hostile}`));
});

test('an object that a server sends in the place of a text is not taken for one that is shown', (t) => {
  for (const sent of [{ text: hostile }, { 'pay.shown': true, text: hostile }, [hostile], null, true]) {
    t.false(hasHidden(shown`${sent as unknown as Part}`.text));
  }
});

test('nothing from others is hidden in any text that is made of it', (t) => {
  const from = fc.string({ unit: 'binary', maxLength: 40 });
  t.notThrows(() =>
    fc.assert(
      fc.property(from, from, (one, other) => {
        const plain = makePen(0);
        const text = joined([shown`${one}${plain.bold(other)}`, reshaped(one, (words) => words.trim())], ' ');
        return !hasHidden(text.text);
      }),
    ),
  );
});

/** Who writes what is safe already: files of programs, JSON, CSV and pages of HTML, help, scripts and QR codes of our own. */
const trusted = [
  'calls/api.ts',
  'completion/answer.ts',
  'completion/completion.ts',
  'help/show-help.ts',
  'history/write-accounts.ts',
  'home/show.ts',
  'lists/write-csv.ts',
  'lists/write-list.ts',
  'program/main.ts',
  'statements/statement-command.ts',
];

test('only these places outside of the terminal let a text through as it stands', (t) => {
  const cli = join(import.meta.dirname, '../../../../../cli');
  const files = readdirSync(cli, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('terminal/'),
  );
  const using = files.filter((file) => readFileSync(join(cli, file), 'utf8').includes('asItStands('));
  t.deepEqual(using.toSorted(), trusted);
});
