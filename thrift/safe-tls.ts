/** The options of TLS connections to the timestamp service: 1.3, and 1.2 with ECDHE and AEAD alone (RFC 9325 §4.2). */
export const safeTls = {
  minVersion: 'TLSv1.2',
  ciphers:
    'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20',
} as const;
