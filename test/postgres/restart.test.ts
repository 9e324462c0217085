import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/running/restart.test.js'));
