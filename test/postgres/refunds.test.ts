import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/payments/refunds.test.js'));
