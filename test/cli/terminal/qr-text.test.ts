import test from 'ava';
import fc from 'fast-check';
import { qrLines, qrText } from '../../../cli/terminal/qr-text.js';
import { plainPen } from '../../../cli/terminal/text/colours.js';
import { readQrOnScreen } from '../support/read-qr.js';

const address = (name: string, secret: string) =>
  `otpauth://totp/pay%20on%20host:${encodeURIComponent(name)}?issuer=pay%20on%20host&secret=${secret}&algorithm=SHA1&digits=6&period=30`;

test('a camera reads any address from the half blocks', (t) => {
  const names = fc.stringMatching(/^[A-Za-z0-9@.+_-]{1,60}$/);
  const secrets = fc.stringMatching(/^[A-Z2-7]{32}$/);
  fc.assert(
    fc.property(names, secrets, (name, secret) => {
      t.is(readQrOnScreen(qrLines(address(name, secret))), address(name, secret));
    }),
    { numRuns: 15 },
  );
});

test('a code that is wider than the screen is not shown', (t) => {
  const text = address('alice', 'A'.repeat(32));
  const { length = 0 } = qrLines(text)[0] ?? '';
  t.truthy(qrText(text, { width: length, pen: plainPen() }));
  t.is(qrText(text, { width: length - 1, pen: plainPen() }), undefined);
});
