/** Where the program of the ledger's thread lies: beside this file, and beside the bundle that this file becomes part of. */
export const ledgerThreadFile = (): URL => new URL('./ledger-thread.js', import.meta.url);
