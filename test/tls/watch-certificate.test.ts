import { generateKeyPairSync } from 'node:crypto';
import test from 'ava';
import { makeCertificate } from '../../server/tls/make-certificate.js';
import { watchCertificate } from '../../server/tls/watch-certificate.js';
import { makeManualClock } from '../support/manual-clock.js';
import { makePair } from './support/certificates.js';

const dayMs = 86_400_000;

/** A log that keeps what it is told, each with its level. */
function makeLog() {
  const lines: string[] = [];
  return {
    lines,
    logger: {
      warn: (line: string) => void lines.push(`warn ${line}`),
      error: (line: string) => void lines.push(`error ${line}`),
    } as Parameters<typeof watchCertificate>[0]['logger'],
  };
}

test('a server that runs on to the end of its own certificate says so once a day, and what renews it', async (t) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const madeMs = Date.UTC(2026, 10, 22);
  const cert = await makeCertificate(privateKey, ['localhost'], new Date(madeMs));
  const clock = makeManualClock(madeMs * 1000);
  const { lines, logger } = makeLog();
  const end = watchCertificate({ cert, isGiven: false, ...clock, logger });
  const nextDay = async () => {
    clock.advance(dayMs);
    await new Promise(setImmediate);
  };
  clock.leap(Date.UTC(2036, 9, 31, 12) - madeMs - dayMs);
  await nextDay();
  t.deepEqual(lines, [], 'it is good for three weeks yet');
  await nextDay();
  await nextDay();
  t.is(lines.length, 2);
  t.regex(
    lines[0] ?? '',
    /^warn .* expires on Nov 22 .* 2036 GMT: start the server again, which renews it with the same key$/,
  );
  clock.leap(30 * dayMs);
  await nextDay();
  t.is(lines.length, 3);
  t.regex(lines[2] ?? '', /^error .* expired on Nov 22 .* 2036 GMT, and clients refuse it: start/);
  end();
  await nextDay();
  t.is(lines.length, 3);
});

test('a certificate that was given has to be renewed by whoever gave it', async (t) => {
  const { cert } = await makePair(new Date(Date.UTC(2026, 10, 22)));
  const { lines, logger } = makeLog();
  watchCertificate({ cert, isGiven: true, ...makeManualClock(Date.UTC(2040, 0, 1) * 1000), logger })();
  t.is(lines.length, 1);
  t.regex(lines[0] ?? '', /^error .*: renew it, then start the server again$/);
});
