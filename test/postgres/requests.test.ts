import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/requests.test.js'));
