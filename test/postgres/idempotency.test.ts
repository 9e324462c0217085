import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/idempotency.test.js'));
