import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/collections.test.js'));
