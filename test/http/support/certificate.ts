import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Beside the tests as they were built, so that the next build takes it away. */
const prepared = join(import.meta.dirname, '../../../prepared/certificates');

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

async function generateCertificate(): Promise<Certificate> {
  // Loaded where it is needed: that takes longer than to make a dozen of them.
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
  });
  return { cert: made.cert, key: made.private };
}

let given = 0;

/** A throw-away certificate for localhost, of another key with each call: made once for all test files of a build. */
export async function makeCertificate(): Promise<Certificate> {
  given += 1;
  const file = join(prepared, `${given}.json`);
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    const made = await generateCertificate();
    await mkdir(prepared, { recursive: true });
    // Whoever reads it finds it whole.
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, JSON.stringify(made));
    await rename(draft, file);
    return made;
  }
}
