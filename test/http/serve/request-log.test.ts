import test from 'ava';
import * as fc from 'fast-check';
import { type DestinationStream, pino } from 'pino';
import { errorCodes } from '../../../server/errors.js';
import { type RequestLine, requestLoggerOf } from '../../../server/http/serve/request-log.js';

function keepLines(): DestinationStream & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, write: (line) => lines.push(line) };
}

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const requestLines: fc.Arbitrary<RequestLine> = fc.record({
  method: maybe(fc.constantFrom('GET', 'POST', 'M-SEARCH')),
  route: maybe(fc.constantFrom('/v1/me', '/v1/payments/{id}')),
  status: maybe(fc.integer({ min: 200, max: 599 })),
  code: maybe(fc.constantFrom(...(Object.keys(errorCodes) as (keyof typeof errorCodes)[]))),
  durationMs: fc.nat().map((micros) => micros / 1000),
  userId: maybe(fc.constant('usr_0000000001')),
  requestId: fc.stringMatching(/^[A-Za-z0-9._-]{1,128}$/),
  // A zone of IPv6 is the name of an interface, which may hold nearly anything.
  address: fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.string().map((zone) => `fe80::1%${zone}`),
  ),
  isAborted: fc.boolean(),
});

test('the line about a request is the one that pino would write of it', (t) => {
  const [ours, pinos] = [keepLines(), keepLines()];
  const options = { timestamp: () => ',"time":"2026-01-01T00:00:00.000Z"' };
  const log = requestLoggerOf(pino(options, ours).child({ a: 1 }));
  const plain = pino(options, pinos).child({ a: 1 });
  t.notThrows(() =>
    fc.assert(
      fc.property(requestLines, (line) => {
        log(line);
        const { isAborted, ...members } = line;
        plain.info({ ...members, aborted: isAborted || undefined }, 'request');
        return ours.lines.at(-1) === pinos.lines.at(-1);
      }),
      { numRuns: 1_000 },
    ),
  );
  t.true(ours.lines.length >= 1_000);
});

test('a logger that is silent about what goes well says nothing of requests', (t) => {
  const kept = keepLines();
  const line = fc.sample(requestLines, 1)[0] as RequestLine;
  requestLoggerOf(pino({ level: 'warn' }, kept))(line);
  t.is(kept.lines.length, 0);
  requestLoggerOf(pino({ level: 'info' }, kept))(line);
  t.is(kept.lines.length, 1);
});
