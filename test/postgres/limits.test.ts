import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/accounts/limits.test.js'));
