import { isIP } from 'node:net';
import { connect, rootCertificates, type TLSSocket } from 'node:tls';
import { systemAuthorities } from './authorities.js';
import { fingerprintOf } from './fingerprint.js';
import { safeTls } from './safe-tls.js';
import { NotTrusted, type TrustRule } from './trust-rule.js';

export interface HostAndPort {
  readonly hostname: string;
  readonly port: number;
}

/** The host and port at which the server of an origin such as `https://[::1]:8443` listens. */
export function hostAndPortOf(server: string): HostAndPort {
  const { hostname, port } = new URL(server);
  return { hostname: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443) };
}

const connectTimeoutMs = 10_000;

/** A TLS connection after its handshake, with nothing decided yet about whom it leads to. */
function shakeHands(
  address: HostAndPort,
  ca: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address.hostname,
      port: address.port,
      ...(isIP(address.hostname) === 0 && { servername: address.hostname }),
      ALPNProtocols: ['http/1.1'],
      ...safeTls,
      // Judged below, before anything is written: an unknown certificate must be looked at, not only refused.
      rejectUnauthorized: false,
      ...(ca && { ca: [...ca] }),
    });
    socket.setNoDelay(true);
    const timer = setTimeout(
      () => socket.destroy(new Error(`no answer within ${connectTimeoutMs / 1000} s`)),
      connectTimeoutMs,
    );
    const abort = () => socket.destroy(new Error('interrupted'));
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: Error) => {
      settle();
      reject(error);
    };
    const cut = () => fail(new Error('the connection was closed during the TLS handshake'));
    socket.once('error', fail);
    socket.once('close', cut);
    signal.addEventListener('abort', abort);
    if (signal.aborted) {
      abort();
    }
    socket.once('secureConnect', () => {
      settle();
      socket.off('error', fail);
      socket.off('close', cut);
      resolve(socket);
    });
  });
}

function fingerprintOfPeer(socket: TLSSocket): string {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) {
    throw new Error('the server showed no certificate');
  }
  return fingerprintOf(certificate.publicKey);
}

/** A second connection, judged by the system's own store too; it is the one to use, for the first may lead elsewhere. */
async function connectKnown(
  address: HostAndPort,
  rule: TrustRule,
  signal: AbortSignal,
): Promise<TLSSocket | undefined> {
  const system = await systemAuthorities(rule.environment);
  if (system.length === 0) {
    return undefined;
  }
  const socket = await shakeHands(address, [...rootCertificates, ...rule.authorities, ...system], signal);
  if (socket.authorized) {
    return socket;
  }
  socket.destroy();
  return undefined;
}

async function judge(
  socket: TLSSocket,
  address: HostAndPort,
  rule: TrustRule,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const fingerprint = fingerprintOfPeer(socket);
  const expected = rule.fingerprint ?? rule.pin;
  if (expected === fingerprint || (expected === undefined && socket.authorized)) {
    return socket;
  }
  if (expected !== undefined) {
    throw new NotTrusted({ reason: 'different', fingerprint, expected });
  }
  const known = await connectKnown(address, rule, signal);
  if (known === undefined) {
    const why = String(socket.authorizationError ?? 'not verified');
    throw new NotTrusted({ reason: 'unknown', fingerprint, why });
  }
  socket.destroy();
  return known;
}

/** The certificates to judge by; undefined means those that come with Node. */
function authoritiesFor(rule: TrustRule): readonly string[] | undefined {
  // Where a fingerprint decides alone, reading the known authorities would be milliseconds for nothing.
  if (rule.fingerprint !== undefined || rule.pin !== undefined) {
    return [];
  }
  return rule.authorities.length > 0 ? [...rootCertificates, ...rule.authorities] : undefined;
}

/**
 * A connection to a server that is the one meant, or nothing: no byte of a request is written before this
 * resolves. A fingerprint that was given or pinned decides alone; else the certificate must be valid for the host and from
 * a known authority.
 * @throws NotTrusted with what was found; any other error means that there was no connection.
 */
export async function connectTrusted(
  address: HostAndPort,
  rule: TrustRule,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const socket = await shakeHands(address, authoritiesFor(rule), signal);
  // Whoever takes the socket over listens for errors; until then one must not end the process.
  const ignore = () => undefined;
  socket.on('error', ignore);
  try {
    return await judge(socket, address, rule, signal);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    socket.off('error', ignore);
  }
}
