import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { makeReadyToDevelop } from '../build/ready.js';

const quiet = { write: () => true };

async function download(url, ca) {
  const answer = await new Promise((resolve, reject) => get(url, { ca }, resolve).once('error', reject));
  const body = await text(answer);
  if (answer.statusCode !== 200) {
    throw new Error(`${url} answered ${answer.statusCode}: ${body}`);
  }
  return JSON.stringify(JSON.parse(body), null, 2);
}

/** The document as a server of this checkout publishes it: on a free port, with a data folder that is thrown away. */
async function publishedDocument() {
  const { runPayServer } = createRequire(import.meta.url)('../bundle.cjs').loadBundle('pay-server');
  const folder = mkdtempSync(join(tmpdir(), 'pay-openapi-'));
  try {
    // What the server says matters only where it does not get ready.
    const stderr = new PassThrough();
    const news = new EventEmitter();
    const ready = once(news, 'ready');
    const ended = runPayServer(['start', '--data', folder, '--port', '0', '--time-port', '0'], {
      stdin: process.stdin,
      stdout: quiet,
      stderr,
      environment: { PAY_LOG_LEVEL: 'error' },
      stopAsked: () => once(news, 'stop'),
      onReady: (server) => news.emit('ready', server),
    });
    const [{ url }] = await Promise.race([
      ready,
      ended.then((status) => Promise.reject(new Error(`The server ended with ${status}: ${stderr.read()}`))),
    ]);
    const document = await download(`${url}/openapi.json`, readFileSync(join(folder, 'tls.crt')));
    news.emit('stop');
    await ended;
    return document;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [file] = process.argv.slice(2);
makeReadyToDevelop();
const document = `${await publishedDocument()}\n`;
if (file === undefined) {
  process.stdout.on('error', (error) => {
    // A reader that left, such as head, has what it wanted.
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  process.stdout.write(document);
} else {
  // npm runs this in the root of the project, and says where it was called.
  writeFileSync(resolve(process.env.INIT_CWD ?? '', file), document);
}
