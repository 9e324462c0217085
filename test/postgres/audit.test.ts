import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/audit.test.js'));
