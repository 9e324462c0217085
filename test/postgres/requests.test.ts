import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../api/requests/requests.test.js'));
