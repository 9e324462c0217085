import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/requests/collections.test.js'));
