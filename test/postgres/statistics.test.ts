import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/payments/statistics.test.js'));
