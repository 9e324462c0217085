import { generate } from 'selfsigned';

/** A certificate and its key in PEM form, and the certificate of the authority that has signed it. */
export interface SignedCertificate {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

const curve = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

/** A certificate for localhost by an authority of its own that signs nothing else. */
export async function signedByAuthority(): Promise<SignedCertificate> {
  const authority = await generate([{ name: 'commonName', value: 'An authority of a test' }], {
    ...curve,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const signed = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...curve,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  return { cert: signed.cert, key: signed.private, ca: authority.cert };
}
