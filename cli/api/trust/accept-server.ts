import { Failure } from '../../failure/failure.js';
import type { Prompts } from '../../terminal/prompts/prompts.js';
import { shown } from '../../terminal/text/shown.js';
import type { Distrust } from './trust-rule.js';

export interface Acceptance {
  readonly server: string;
  readonly distrust: Distrust;
  readonly prompts: Prompts;
  /** What the program is called where this is read. */
  /** Remembers the fingerprint for this server. */
  readonly pin: (fingerprint: string) => Promise<void>;
}

/** Why a certificate is not from a known authority, by what Node says of it. */
const reasons: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the server signed it itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'the authority is one of its own',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is not known here',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
};

const reasonOf = (why: string) => (Object.hasOwn(reasons, why) ? reasons[why] : 'it cannot be verified');

function changed(server: string, expected: string, fingerprint: string): Failure {
  return new Failure(
    'unreachable',
    `${server} shows another key than the one expected. Somebody may be in between: nothing was sent.`,
    {
      below: [`  expected  ${expected}`, `  shown     ${fingerprint}`],
      next: [
        'Ask whoever runs the server; `pay-server start` prints its fingerprint.',
        'Only if it is the new one, give it with the next command: --fingerprint SHA256:…',
      ],
      figures: { expected, shown: fingerprint },
    },
  );
}

/**
 * Shows the key of an unknown server to a person, who compares it, and remembers it once accepted.
 * @throws Failure where it is another key than before, nobody can be asked, or the answer is no
 */
export async function acceptServer({ server, distrust, prompts, pin }: Acceptance): Promise<void> {
  const { fingerprint } = distrust;
  if (distrust.reason === 'different') {
    throw changed(server, distrust.expected, fingerprint);
  }
  if (!prompts.canAsk) {
    throw new Failure(
      'usage',
      `${server} is not known: its certificate is from no known authority (${reasonOf(distrust.why)}). Nothing was sent.`,
      {
        next: [
          'Compare its fingerprint with the one that the server printed when it started, and if it is the same, accept it:',
          `--fingerprint ${fingerprint}`,
        ],
        figures: { fingerprint },
      },
    );
  }
  await prompts.show(
    shown`${server} is not known yet: its certificate is from no known authority.
Its fingerprint is  ${fingerprint}
Compare it with the one that the server printed when it started.`,
  );
  if (!(await prompts.confirm({ message: 'Is it the same?', flag: '--fingerprint' }))) {
    throw new Failure('refused', 'The server was not accepted. Nothing was sent.');
  }
  await pin(fingerprint);
}
