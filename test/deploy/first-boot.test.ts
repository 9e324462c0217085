import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { parse } from 'yaml';
import { settingTable } from '../../server/settings.js';
import { needsProgram, testWith } from '../support/needs.js';

const deploy = join(import.meta.dirname, '../../../deploy');
const cloudInit = join(deploy, 'cloud-init.yaml');

interface WrittenFile {
  readonly path: string;
  readonly permissions: string;
  readonly content: string;
}

async function writtenFiles(): Promise<readonly WrittenFile[]> {
  return parse(await readFile(cloudInit, 'utf8')).write_files;
}

testWith(needsProgram('cloud-init'))('cloud-init finds nothing wrong with what it is handed', async (t) => {
  const { all } = await execa('cloud-init', ['schema', '--config-file', cloudInit], { all: true });
  t.regex(all, /^Valid (?:cloud-config|schema)[^\n]*$/);
});

/** Every shell script of the folder, by its first line. */
async function scripts(): Promise<readonly string[]> {
  const entries = await readdir(deploy, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const firstLines = await Promise.all(
    files.map(async (file) => (await readFile(file, 'utf8')).split('\n')[0]),
  );
  return files.filter((_, place) => /^#!.*\b(?:ba)?sh$/.test(firstLines[place] ?? ''));
}

testWith(needsProgram('shellcheck'))('shellcheck finds nothing wrong with the scripts', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay-scripts-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const inside = (await writtenFiles()).find(({ content }) => content.startsWith('#!'));
  const install = join(folder, 'pay-install');
  await writeFile(install, inside?.content ?? '');
  // The commands of the chapter on AWS are one script, too, when they are typed one after another.
  const chapter = await readFile(join(deploy, 'aws/README.md'), 'utf8');
  const typed = [...chapter.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block);
  t.true(typed.length >= 9);
  const commands = join(folder, 'aws-commands');
  await writeFile(commands, ['#!/bin/bash', ...typed].join('\n'));
  const files = await scripts();
  t.true(files.length >= 6, files.join());
  // What a script reads of the machine that it runs on is not here.
  const { all } = await execa('shellcheck', ['--exclude=SC1091', ...files, install, commands], {
    all: true,
    reject: false,
  });
  t.is(all, '');
});

test('a machine sets itself up with settings that there are, secrets aside, and only from the package that was meant', async (t) => {
  const files = await writtenFiles();
  const of = (path: string) => files.find((file) => file.path === path);
  const known = new Set<string>(Object.values(settingTable).map(({ variable }) => variable));
  const names = [...(of('/etc/pay/pay-server.env')?.content ?? '').matchAll(/^(\w+)=/gm)].map(
    ([, name]) => name,
  );
  t.true(names.includes('PAY_TRUSTED_PROXIES'));
  t.deepEqual(
    names.filter((name) => !known.has(name ?? '')),
    [],
  );
  t.is(of('/etc/pay/first-boot.env')?.permissions, '0600');
  const example = of('/etc/pay/first-boot.env')?.content ?? '';
  t.regex(example, /^PAY_PACKAGE_SHA256=0{64}$/m);
  const install = of('/usr/local/sbin/pay-install')?.content ?? '';
  t.true(install.indexOf('sha256sum --check') < install.indexOf('apt-get install'));
  // What first-boot asks for is what the example gives.
  const script = await readFile(join(deploy, 'first-boot/first-boot'), 'utf8');
  const wanted = [...script.matchAll(/: "\$\{(\w+):\?/g)].map(([, name]) => name);
  t.deepEqual(wanted, ['PAY_SITE', 'PAY_ADMIN', 'PAY_ADMIN_EMAIL']);
  t.deepEqual(
    wanted.filter((name) => !example.includes(`\n${name}=`)),
    [],
  );
});

test('the firewall lets in HTTPS and SSH and nothing else', async (t) => {
  const rules = await readFile(join(deploy, 'first-boot/nftables.conf'), 'utf8');
  t.regex(rules, /hook input priority filter; policy drop;/);
  t.deepEqual(rules.match(/tcp dport .*/g), ['tcp dport { 22, 443 } accept']);
});
