import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../build/sources.js';

const file = 'build/sbom.cdx.json';
const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));

/** package.json and its lock file without what only developing needs. */
function productAlone() {
  const description = read('package.json');
  const lock = read('package-lock.json');
  delete description.devDependencies;
  delete lock.packages[''].devDependencies;
  const packages = Object.entries(lock.packages).filter(([, { dev }]) => !dev);
  return { description, lock: { ...lock, packages: Object.fromEntries(packages) } };
}

/**
 * The bill of materials of the product, as npm writes it. Told to omit what developing needs, npm (11.19) also omits what the product
 * and a tool both need, so it is shown the product alone.
 */
function billOfMaterials({ description, lock }) {
  const folder = mkdtempSync(join(tmpdir(), 'pay-sbom-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify(description));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    return execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      shell: process.platform === 'win32',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const product = productAlone();
const text = billOfMaterials(product);
const { bomFormat, components } = JSON.parse(text);
const listed = new Set(components.map(({ name }) => name));
const missing = Object.keys(product.description.dependencies).filter((name) => !listed.has(name));
if (bomFormat !== 'CycloneDX' || missing.length > 0) {
  process.stderr.write(`The bill of materials is no CycloneDX, or lacks ${missing.join(', ')}.\n`);
  process.exitCode = 1;
} else {
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(join(root, file), text);
  process.stdout.write(`${file}: ${components.length} packages\n`);
}
