/**
 * The options of TLS connections of the server, in and out: 1.3, and 1.2 with keys that are made anew for each connection
 * (ECDHE) and authenticated encryption (AEAD) alone, as RFC 9325 §4.2 recommends. The timestamp service and the command
 * line, which import nothing of the server, say the same.
 */
export const safeTls = {
  minVersion: 'TLSv1.2',
  ciphers:
    'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20',
} as const;
