import type { Viewer } from './route.js';

/** Who asks, in the form in which the ledger is told; a person is whoever does not use a personal token. */
export const callerOf = ({
  viewer,
  address,
  requestId,
}: {
  readonly viewer: Viewer | undefined;
  readonly address: string;
  readonly requestId: string;
}) => ({
  userId: viewer?.userId ?? null,
  isPerson: viewer?.credential.kind !== 'token',
  address,
  requestId,
});
