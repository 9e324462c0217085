import test from 'ava';
import { isLoopback } from '../../../server/features/metrics/routes.js';

test('loopback is 127.0.0.0/8 and ::1, and nothing else', (t) => {
  for (const address of ['127.0.0.1', '127.0.0.53', '127.255.255.255', '::1']) {
    t.true(isLoopback(address), address);
  }
  const others = ['128.0.0.1', '126.255.255.255', '10.0.0.1', '192.168.1.127', '0.0.0.0', '203.0.113.9'];
  for (const address of [...others, '::', '::2', 'fe80::1', '2001:db8::7f00:1', '']) {
    t.false(isLoopback(address), address);
  }
});
