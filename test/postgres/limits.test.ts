import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/limits.test.js'));
