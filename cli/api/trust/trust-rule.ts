/** The rule by which a server is taken for the one that is meant. */
export interface TrustRule {
  /** PEM certificates that are trusted beside those that come with Node. */
  readonly authorities: readonly string[];
  /** The fingerprint that a person accepted earlier. */
  readonly pin?: string;
  /** The fingerprint given with this command; it says more than the pin. */
  readonly fingerprint?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type Distrust =
  | { readonly reason: 'unknown'; readonly fingerprint: string; readonly why: string }
  | { readonly reason: 'different'; readonly fingerprint: string; readonly expected: string };

/** The server at the other end is not known to be the one that is meant; nothing was sent to it. */
export class NotTrusted extends Error {
  override readonly name = 'NotTrusted';
  readonly distrust: Distrust;

  constructor(distrust: Distrust) {
    super(`the server's key ${distrust.fingerprint} is not trusted`);
    this.distrust = distrust;
  }
}
