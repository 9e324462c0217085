import test from 'ava';
import { HtmlValidate } from 'html-validate';
import type { Statement } from '../../../cli/statements/statement.js';
import { statementHtml } from '../../../cli/statements/statement-html.js';
import { payments } from '../golden/answers.js';

const pounds = (pennies: number) => ({ amount: (pennies / 100).toFixed(2), currency: 'GBP' });
const dayMs = 24 * 3_600_000;
const since = '2026-10-01T00:00:00.000000Z';
const at = (day: number) => `${new Date(Date.parse(since) + day * dayMs).toISOString().slice(0, 23)}000Z`;

const figures = { in: pounds(9_000), out: pounds(4_500), net: pounds(4_500), count: 90 };
const summary = (by: 'counterparty' | 'kind', key: string) => ({
  ...{ by, tz: 'UTC', since, until: at(31), totals: [figures], more: false },
  data: [{ key, since: null, until: null, ...figures }],
});

/** October of somebody who was paid or has paid three times a day: more than fits on one sheet. */
const october: Statement = {
  holder: { username: 'alice', displayName: 'Alice & Bob', currency: 'GBP', createdAt: since },
  ...{ server: 'https://pay.example.org', tz: 'UTC', since, until: at(31) },
  ...{ opening: pounds(100_000), closing: pounds(104_500) },
  movements: Array.from({ length: 90 }, (_, place) => {
    const payment = payments[place % payments.length] ?? payments[0];
    return {
      payment: { ...(payment as (typeof payments)[number]), createdAt: at(Math.floor(place / 3)) },
      ...{ isSent: place % 3 === 0, own: pounds(150), counterparty: 'bob' },
      balance: pounds(100_000 + place * 50),
    };
  }),
  byCounterparty: summary('counterparty', 'bob'),
  byKind: summary('kind', 'transfer'),
  balances: Array.from({ length: 31 }, (_, day) => ({
    at: at(day + 1),
    balance: pounds(100_000 + day * 150),
  })),
};

const html = statementHtml(october, 'en-GB');
const all = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, found = '']) => found);

test('a screen reader is told of each table what it is, and of each heading what it is of', (t) => {
  t.regex(html, /^<!DOCTYPE html>\n<html lang="[a-z]+/i);
  const tables = all(/<table>([\s\S]*?)<\/table>/g);
  t.is(tables.length, 3);
  for (const table of tables) {
    t.regex(table, /^\s*<caption>[^<]+<\/caption>/);
  }
  const headings = all(/<th\b([^>]*)>/g);
  t.true(headings.length > 100);
  for (const heading of headings) {
    t.regex(heading, /\bscope="(?:col|row)"/);
  }
  t.is(all(/<time ([^>]*)>/g).filter((attributes) => !/lang="en-GB"/.test(attributes)).length, 0);
});

test('the chart is a picture with a title and a description in words', (t) => {
  const [names = ''] = all(/<svg [^>]*role="img" aria-labelledby="([^"]+)"/g);
  const [title = '', text = ''] = names.split(' ');
  t.regex(html, new RegExp(`<title id="${title}">Balance in GBP over time</title>`));
  t.regex(
    html,
    new RegExp(`<desc id="${text}">From 1,000\\.00 GBP on 1 Oct 2026 to 1,045\\.00 GBP on 31 Oct 2026,`),
  );
});

test('with a chart and ninety movements it is sound by a validator, for eyes and for readers', async (t) => {
  const validator = new HtmlValidate({ extends: ['html-validate:recommended', 'html-validate:a11y'] });
  const { results } = await validator.validateString(html);
  t.deepEqual(
    results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)),
    [],
  );
});
