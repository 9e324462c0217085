// The health check of the container: it ends with 0 where the server beside it takes payments, else with 1.
'use strict';
const { get } = require('node:https');

// The certificate is not asked for: it is for other names, and whoever asks is on the same machine.
const where = {
  host: '127.0.0.1',
  port: process.env.PAY_PORT || 8443,
  path: '/readyz',
  rejectUnauthorized: false,
};
get(where, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1));
