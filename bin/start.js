import { createRequire } from 'node:module';
import { join } from 'node:path';
import { makeReady } from './build/ready.js';
import { root } from './build/sources.js';

makeReady();
const { onHangUp, runPayServer, stopSignals, whatIsNext } = createRequire(import.meta.url)(
  './bundle.cjs',
).loadBundle('pay-server');

const { stdin, stdout, stderr, env } = process;

/** A text as a POSIX shell reads it between double quotes. */
const quoted = (text) => text.replace(/[\\"$`]/g, '\\$&');

const fromAnywhere = `
From anywhere it is just pay, with its manual (man pay), once that terminal has read this line:

    export PATH="${quoted(join(root, 'bin'))}:$PATH" MANPATH="${quoted(join(root, 'man'))}:$MANPATH"
`;

process.exitCode = await runPayServer(['start', ...process.argv.slice(2)], {
  stdin,
  stdout,
  stderr,
  environment: { PAY_DATA_DIR: './data', ...env },
  calledAs: 'bin/pay-server',
  stopAsked: stopSignals,
  onHangUp,
  onReady: (server) => stderr.write(whatIsNext(server, 'bin/pay', stderr.columns) + fromAnywhere),
});
