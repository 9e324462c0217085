import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/restart.test.js'));
