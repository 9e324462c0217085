import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { startServer } from '../api/support/api-server.js';
import { needsProgram, testWith } from '../support/needs.js';

const root = join(import.meta.dirname, '../../..');
const prometheus = join(root, 'deploy/prometheus');

const testRules = testWith(needsProgram('promtool'));

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

const readDashboard = async (): Promise<Dashboard> =>
  JSON.parse(await readFile(join(root, 'deploy/grafana/pay.json'), 'utf8'));

const expressionsOf = ({ panels, annotations }: Dashboard) => [
  ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...annotations.list.map(({ expr }) => expr),
];

/** What Grafana puts into an expression before it asks. */
const filledIn = (expression: string) =>
  expression.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*');

testRules('promtool finds nothing wrong with the rules, and each alert comes when it should', async (t) => {
  const rules = await execa('promtool', ['check', 'rules', 'pay-rules.yml'], { cwd: prometheus, all: true });
  t.regex(rules.all, /SUCCESS: \d+ rules found/);
  const tested = await execa('promtool', ['test', 'rules', 'test/deploy/pay-rules.test.yml'], {
    cwd: root,
    all: true,
  });
  t.regex(tested.all, /SUCCESS/);
});

testRules('promtool takes what Prometheus is told to scrape', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay-prometheus-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const name of ['prometheus.yml', 'pay-rules.yml']) {
    await writeFile(join(folder, name), await readFile(join(prometheus, name), 'utf8'));
  }
  // The certificate is brought over by hand.
  await writeFile(join(folder, 'pay.crt'), '');
  const { all } = await execa('promtool', ['check', 'config', 'prometheus.yml'], { cwd: folder, all: true });
  t.notRegex(all, /FAILED|error/i);
});

testRules('every expression of the dashboard is one of Prometheus', async (t) => {
  const expressions = expressionsOf(await readDashboard());
  t.true(expressions.length > 20);
  const rules = expressions.map((expr, number) => ({ record: `panel:${number}`, expr: filledIn(expr) }));
  const folder = await mkdtemp(join(tmpdir(), 'pay-panels-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'panels.yml');
  // What is JSON is YAML.
  await writeFile(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
  const { all } = await execa('promtool', ['check', 'rules', file], { all: true });
  t.regex(all, new RegExp(`SUCCESS: ${rules.length} rules found`));
});

test('the panels of the dashboard lie beside and below each other, each with a title of its own', async (t) => {
  const { panels } = await readDashboard();
  t.is(new Set(panels.map(({ id }) => id)).size, panels.length);
  t.is(new Set(panels.map(({ title }) => title)).size, panels.length);
  const taken = new Set<string>();
  for (const { title, gridPos } of panels) {
    t.true(gridPos.x + gridPos.w <= 24, title);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        t.false(taken.has(`${x} ${y}`), `${title} lies upon another`);
        taken.add(`${x} ${y}`);
      }
    }
  }
});

test('every metric that rules, alerts and dashboard name is one that a server tells', async (t) => {
  const server = await startServer();
  t.teardown(() => server.stop());
  const { text } = await server.ask('/metrics');
  const told = new Set(
    [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name],
    ),
  );
  const rules = await readFile(join(prometheus, 'pay-rules.yml'), 'utf8');
  const texts = [rules, ...expressionsOf(await readDashboard())];
  const named = new Set(texts.flatMap((one) => one.match(/\b(?:pay|nodejs|process)_[a-z0-9_]+\b/g) ?? []));
  t.true(named.size > 15);
  t.deepEqual(
    [...named].filter((name) => !told.has(name)),
    [],
  );
  const recorded = new Set(rules.match(/(?<=record: )\S+/g));
  const used = texts.flatMap((one) => one.match(/\bpay:[a-z0-9_:]+/g) ?? []);
  t.deepEqual(
    used.filter((name) => !recorded.has(name)),
    [],
  );
});
