/** The longest password that is accepted, in UTF-16 units; judged where input is validated. */
export const maxPasswordLength = 1024;

/**
 * The password in the form that is judged, hashed and compared: the same characters typed on another system give the
 * same text. Spaces and normalisation as in the OpaqueString profile (RFC 8265 §4.2.2): NFC, so that nobody's
 * characters are merged, and no change of case.
 */
export function preparePassword(password: string): string {
  return password.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
}
