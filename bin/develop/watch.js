import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from '../build/ready.js';
import { root, sourceFolders } from '../build/sources.js';

// An editor writes a file in several steps, and git many files.
const calmMs = 200;

let building = false;
let changedSince = false;
let calm;

/** Builds, and once more where something changed meanwhile; what could not be built leaves the old one in its place. */
function rebuild() {
  if (building) {
    changedSince = true;
    return;
  }
  building = true;
  const startedMs = performance.now();
  const child = spawn(process.execPath, [join(root, 'bin/build/build.js')], { cwd: root, stdio: 'inherit' });
  child.once('close', (status) => {
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    process.stdout.write(status === 0 ? `built in ${seconds} s\n` : 'not built: the last one stays\n');
    building = false;
    if (changedSince) {
      changedSince = false;
      rebuild();
    }
  });
}

installPackages(['dependencies', 'devDependencies']);
rebuild();
for (const folder of [...sourceFolders, 'bin/build']) {
  watch(join(root, folder), { recursive: true }, () => {
    clearTimeout(calm);
    calm = setTimeout(rebuild, calmMs);
  });
}
process.stdout.write('Watching. Ctrl-C ends it.\n');
