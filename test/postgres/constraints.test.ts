import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../db/constraints.test.js'));
