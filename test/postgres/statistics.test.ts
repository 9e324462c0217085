import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/statistics.test.js'));
