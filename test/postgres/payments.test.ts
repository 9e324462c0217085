import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/payments/payments.test.js'));
