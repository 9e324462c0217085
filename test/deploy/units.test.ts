import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { needsProgram, testWith } from '../support/needs.js';

const root = join(import.meta.dirname, '../../..');
const units = join(root, 'deploy/systemd');
/** As systemd rates what a service could do to its machine, from 0 to 10. */
const mostExposed = 3;

const testUnits = testWith(needsProgram('systemd-analyze'));

testUnits('systemd finds nothing wrong with the units, where the programs are', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pay-units-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await cp(units, folder, { recursive: true });
  const files = (await readdir(folder)).map((name) => join(folder, name));
  for (const file of files) {
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll('/usr/bin/pay', `${root}/bin/pay`));
  }
  const { all } = await execa('systemd-analyze', ['verify', '--man=no', ...files], { all: true });
  t.is(all, '');
});

testUnits('what the services may do to the machine is little', async (t) => {
  const services = (await readdir(units)).filter((name) => name.endsWith('.service'));
  t.is(services.length, 3);
  for (const service of services) {
    const { stdout } = await execa('systemd-analyze', ['security', '--offline=true', join(units, service)]);
    const level = Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
    t.true(level < mostExposed, `${service}: ${level}`);
  }
});
