import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../build/sources.js';

// The words are those in thrift/timestamp.thrift.
const words = ['--gen', 'js:node,es6', '-out', 'generated', 'timestamp.thrift'];

const { error, status } = spawnSync('thrift', words, { cwd: join(root, 'thrift'), stdio: 'inherit' });
if (error?.code === 'ENOENT') {
  process.stderr.write(`The Apache Thrift compiler is not installed. It is the package thrift-compiler on Debian and Ubuntu,
thrift on Fedora, Arch and Homebrew; or see https://thrift.apache.org/download.
`);
}
process.exitCode = status ?? 1;
