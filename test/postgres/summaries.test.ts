import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/summaries.test.js'));
