import { generate } from 'selfsigned';

/** A throw-away certificate for localhost. */
export async function makeCertificate(): Promise<{ cert: string; key: string }> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
  });
  return { cert: made.cert, key: made.private };
}
