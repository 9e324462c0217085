import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../ledger/database-properties.test.js'));
