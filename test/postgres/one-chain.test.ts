import { runOnPostgres } from '../support/on-postgres.js';

await runOnPostgres(() => import('../ledger/one-chain.test.js'));
