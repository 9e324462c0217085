import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/contract/authorisation.test.js'));
