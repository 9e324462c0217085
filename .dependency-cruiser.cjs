/** Which way imports point; the directions are those of the design, the proofs that each rule bites in test/imports.test.ts. */

const ours = '^(bin|cli|server|thrift|db|test)/';
const foundations =
  '^server/(errors|ids|clock|timer|scheduler|rate-figures|safe-tls|slots|network|step-back|busy-time|tally)\\.ts$';
const money = '^server/money/';
/** Where the server is put together, looked at as a whole, and the commands of pay-server. */
const wiring = '^server/(compose|doctor|program)/';

const typeOnly = { dependencyTypes: ['type-only'] };
const runTime = { dependencyTypesNot: ['type-only'] };

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Whoever reads a module need not have read it already. Types may point both ways.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-barrels',
      comment: 'A name is imported from the file that makes it.',
      severity: 'error',
      from: { path: ours },
      to: { path: ours, dependencyTypes: ['export'] },
    },
    {
      name: 'all-resolved',
      comment: 'What is ours and cannot be found cannot be judged.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, path: '^\\.' },
    },
    {
      name: 'nothing-knows-tests-or-bin',
      severity: 'error',
      from: { path: '^(cli|server|thrift|db)/' },
      to: { path: '^(test|bin)/' },
    },
    {
      name: 'cli-runs-on-money-alone',
      comment:
        'The command line is a client of the API: of the server it runs nothing but the arithmetic of money.',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^(server|thrift|db)/', pathNot: money, ...runTime },
    },
    {
      name: 'cli-takes-types-from-wires',
      comment: 'The contract is server/wire.ts, the shapes in it are the wire.ts of each feature.',
      severity: 'error',
      from: { path: '^cli/' },
      to: {
        path: '^(server|thrift|db)/',
        pathNot: [money, '^server/wire\\.ts$', '^server/features/[^/]+/wire\\.ts$'],
        ...typeOnly,
      },
    },
    {
      name: 'server-knows-no-cli',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^cli/' },
    },
    {
      name: 'thrift-stands-alone',
      severity: 'error',
      from: { path: '^thrift/' },
      to: { path: ours, pathNot: '^(thrift|test|bin)/' },
    },
    {
      name: 'db-stands-alone',
      severity: 'error',
      from: { path: '^db/' },
      to: { path: ours, pathNot: '^(db|test|bin)/' },
    },
    {
      name: 'money-stands-alone',
      severity: 'error',
      from: { path: money },
      to: { path: ours, pathNot: [money, '^(test|bin|cli)/'] },
    },
    {
      name: 'foundations-stand-alone',
      comment: 'Errors, ids, the clock and the slots are below everything else of the server.',
      severity: 'error',
      from: { path: foundations },
      to: { path: ours, pathNot: [foundations, '^(test|bin|cli)/'] },
    },
    {
      name: 'http-knows-no-room',
      severity: 'error',
      from: { path: '^server/http/' },
      to: { path: '^(server|thrift|db)/', pathNot: ['^server/http/', money, foundations] },
    },
    {
      name: 'ledger-knows-no-room',
      comment: 'The rules of the rooms are handed to the ledger where things are wired.',
      severity: 'error',
      from: { path: '^server/ledger/' },
      to: { path: '^server/', pathNot: ['^server/ledger/', money, foundations] },
    },
    {
      name: 'rooms-know-no-wiring',
      comment:
        'What a room needs arrives as arguments; of what stands beside the rooms it imports only what is below it.',
      severity: 'error',
      from: { path: '^server/(features|tls)/' },
      to: { path: ['^server/[^/]+\\.ts$', wiring], pathNot: [foundations, '^server/version\\.ts$'] },
    },
    {
      name: 'time-is-wired-in',
      comment: 'The timestamp client is made where things are wired, and in the thread of the ledger.',
      severity: 'error',
      from: { path: '^(cli|server|db)/', pathNot: wiring },
      to: { path: '^thrift/client\\.ts$' },
    },
    {
      name: 'rooms-know-no-thrift',
      severity: 'error',
      from: { path: '^server/[^/]+/', pathNot: ['^server/money/', wiring] },
      to: { path: '^thrift/', pathNot: '^thrift/client\\.ts$' },
    },
  ],
  options: {
    // Imports of types are edges too, told apart by the word type, which the compiler demands of them.
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)node_modules/' },
  },
};
