import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { validate } from 'dockerfile-utils';
import { execa } from 'execa';
import { parse } from 'yaml';
import { settingTable } from '../../server/settings.js';
import { startPayServer } from '../support/server-process.js';

const root = join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The instructions of the last stage, which is what is run; a line that goes on is one. */
function lastStage(dockerfile: string): readonly string[] {
  const lines = dockerfile.replaceAll(/\\\n/g, '').split('\n');
  return lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
}

test('a linter finds nothing wrong with the Dockerfile', (t) => {
  t.deepEqual(
    validate(read('Dockerfile')).map(({ message }) => message),
    [],
  );
});

test('the image runs as a user without rights, with the books in a volume, and knows whether it is healthy', (t) => {
  const stage = lastStage(read('Dockerfile'));
  const of = (instruction: string) => stage.filter((line) => line.startsWith(`${instruction} `));
  t.deepEqual(of('USER'), ['USER 10001:10001']);
  t.deepEqual(of('VOLUME'), ['VOLUME /data']);
  t.regex(of('ENV').join(), /PAY_DATA_DIR=\/data\b/);
  t.is(of('HEALTHCHECK').length, 1);
  t.regex(of('HEALTHCHECK').join(), /\/app\/deploy\/container\/is-ready\.cjs/);
  t.true(JSON.parse(read('package.json')).files.includes('deploy/container'));
});

test('what goes into the image is named, so that no data, key or package of the checkout does', (t) => {
  const [first, ...rest] = read('.dockerignore').trim().split('\n');
  t.is(first, '*');
  const allowed = rest.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const building = ['bin', 'cli', 'db', 'deploy', 'server', 'thrift', 'package.json', 'package-lock.json'];
  const packed = ['README.md', 'CHANGELOG.md', 'LICENSE'];
  t.deepEqual(allowed.toSorted(), [...building, ...packed].toSorted());
});

interface Service {
  readonly [key: string]: unknown;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
}

test('compose starts the server without privileges on a read-only file system, and PostgreSQL when it is asked to', (t) => {
  const { services, volumes } = parse(read('compose.yaml')) as {
    readonly services: Readonly<Record<string, Service>>;
    readonly volumes: Readonly<Record<string, unknown>>;
  };
  const { pay, postgres } = services;
  t.like(pay, {
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    volumes: ['books:/data'],
    // A database that is not started is not waited for.
    depends_on: { postgres: { condition: 'service_healthy', required: false } },
  });
  t.deepEqual(pay?.ports, ['127.0.0.1:8443:8443'], 'no other machine reaches it past a proxy');
  t.deepEqual(pay?.profiles, undefined);
  t.deepEqual(postgres?.profiles, ['postgres']);
  t.is(postgres?.ports, undefined);
  const known = new Set<string>(Object.values(settingTable).map(({ variable }) => variable));
  t.deepEqual(
    Object.keys(pay?.environment ?? {}).filter((name) => !known.has(name)),
    [],
  );
  t.deepEqual(Object.keys(volumes), ['books', 'postgres']);
});

test('a container is healthy while payments can be taken, and not once they cannot', async (t) => {
  const server = await startPayServer();
  t.teardown(() => server.stop());
  const isReady = async () => {
    const program = join(root, 'deploy/container/is-ready.cjs');
    const { exitCode } = await execa(process.execPath, [program], {
      env: { PAY_PORT: new URL(server.url).port },
      reject: false,
    });
    return exitCode;
  };
  t.is(await isReady(), 0);
  await server.stop();
  t.is(await isReady(), 1);
});
