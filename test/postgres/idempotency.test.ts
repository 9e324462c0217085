import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/payments/idempotency.test.js'));
