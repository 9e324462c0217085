import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Script } from 'node:vm';
import test from 'ava';
import { execa } from 'execa';
import { makeFolder, plainEnvironment, root } from './support/run-pay.js';

const bundle = join(root, 'dist/bundle/pay.cjs');

/** bin/pay with its bundle, in a folder where a test may break it. */
async function copyOfPay(): Promise<string> {
  const folder = await makeFolder();
  await mkdir(join(folder, 'dist'));
  await cp(join(root, 'dist/bundle'), join(folder, 'dist/bundle'), { recursive: true });
  await cp(join(root, 'bin/pay'), join(folder, 'bin/pay'));
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  return folder;
}

async function helpOf(folder: string): Promise<{ status: number | undefined; text: string }> {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(folder, 'bin/pay'), 'help', 'exit-codes'],
    { env: plainEnvironment(folder), extendEnv: false, reject: false },
  );
  return { status: exitCode, text: stdout + stderr };
}

test('what V8 made of the bundle when it was built is what V8 takes', async (t) => {
  const script = new Script(await readFile(bundle, 'utf8'), {
    filename: bundle,
    cachedData: await readFile(`${bundle}.code`),
  });
  t.false(script.cachedDataRejected);
});

test('pay runs without what V8 made of it, and with what V8 does not take', async (t) => {
  const folder = await copyOfPay();
  const code = join(folder, 'dist/bundle/pay.cjs.code');
  const whole = await readFile(code);
  const usual = await helpOf(folder);
  t.is(usual.status, 0);
  const otherVersion = Buffer.from(whole);
  otherVersion.writeUInt32LE((otherVersion.readUInt32LE(4) ^ 1) >>> 0, 4);
  for (const broken of [Buffer.alloc(0), Buffer.from('garbage'), whole.subarray(0, 1_000), otherVersion]) {
    await writeFile(code, broken);
    t.deepEqual(await helpOf(folder), usual);
  }
  await rm(code);
  t.deepEqual(await helpOf(folder), usual);
});

test('a small command loads neither undici nor what measures text', async (t) => {
  const folder = await copyOfPay();
  for (const name of ['undici', 'table', 'inquirer']) {
    await rm(join(folder, `dist/bundle/${name}.cjs`));
  }
  const { exitCode, stderr } = await execa(process.execPath, [join(folder, 'bin/pay'), 'balance'], {
    env: plainEnvironment(folder, { PAY_SERVER: 'https://127.0.0.1:1', PAY_TOKEN: 'none' }),
    extendEnv: false,
    reject: false,
  });
  t.is(exitCode, 6, stderr);
  t.regex(stderr, /nothing listens there/);
});
