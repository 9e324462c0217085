/** A key or certificate that the server cannot start with; the message names the file and says what to do. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}
