/** The longest password that is accepted, in UTF-16 units; judged where input is validated. */
export const maxPasswordLength = 1024;

/**
 * The password in the form that is judged, hashed and compared: the same characters typed on another system give the same
 * text. Spaces as in the OpaqueString profile (RFC 8265 §4.2.2), no change of case; NFKC, as NIST SP 800-63B §5.1.1.2 has it,
 * so that the full-width letters of one keyboard are the plain ones of another.
 */
export function preparePassword(password: string): string {
  return password.replaceAll(/\p{Zs}/gu, ' ').normalize('NFKC');
}

/** The form in which passwords were hashed before, which kept compatibility characters apart. */
export const formerlyPrepared = (password: string): string =>
  password.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
