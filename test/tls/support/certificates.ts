import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { generate } from 'selfsigned';

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** A throw-away certificate (PEM) that signs itself, for these names and addresses of this machine, good from a time on. */
export async function makePair(notBeforeDate = new Date()): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: 'pay test' }], {
    keyType: 'ec',
    curve: 'P-256',
    notBeforeDate,
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** A certificate and its key in files, gone at the end of the test. */
export async function certificateFiles(t: ExecutionContext<unknown>, notBeforeDate?: Date): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'pay-certificate-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const { cert, key } = await makePair(notBeforeDate);
  const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  await Promise.all([writeFile(files.cert, cert), writeFile(files.key, key)]);
  return files;
}
