import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/admin/audit.test.js'));
