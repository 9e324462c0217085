import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../features/books/credentials.test.js'));
