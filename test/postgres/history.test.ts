import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/history.test.js'));
