import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import v8 from 'node:v8';
import { Script } from 'node:vm';

// A program of its own: it runs pay-server from the bundles in a folder, with the arguments that follow, and keeps beside them
// what V8 has made of them by the end. A server that was started, was ready and ended has called what every start calls.
// What is kept holds the name of its file, so that the folder where the bundles will lie in the end is given, too.
const [node, , folder, lastFolder, ...words] = process.argv;

/** Runs a bundle; gives what it exports, and how what was compiled is kept. */
function run(name) {
  const bundle = join(folder, name);
  const script = new Script(readFileSync(bundle, 'utf8'), { filename: join(lastFolder, name) });
  const module = { exports: {} };
  script.runInThisContext()(module, createRequire(bundle), bundle);
  return {
    exported: module.exports,
    keep() {
      writeFileSync(`${bundle}.code`, script.createCachedData());
      // The server lets nobody else read what it writes.
      chmodSync(`${bundle}.code`, 0o644);
    },
  };
}

// V8 takes what was kept under the flags that hold when it is read: for the program those of Node, for the threads also the one
// that the program sets when it starts.
const { setFlagsFromString } = v8;
const flags = [];
v8.setFlagsFromString = (flag) => flags.push(flag);

const { exported, keep } = run('pay-server.cjs');
process.once('exit', () => {
  keep();
  flags.forEach(setFlagsFromString);
  run('ledger-thread.cjs').keep();
});
process.argv = [node, 'pay-server', ...words];
await exported.runProcess(process);
