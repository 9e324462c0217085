import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/payments/history.test.js'));
