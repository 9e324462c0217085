import { randomUUID } from 'node:crypto';

const form = /^pay-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A key for an act of somebody who gives none. It is told from theirs, so that settling it says no more than it did. */
export const newKey = () => `pay-${randomUUID()}`;

const isOwnKey = (key: string) => form.test(key);

/**
 * What the act is meant besides, as the server takes it: the act that is named or, for a key that somebody has chosen,
 * whatever there is, since a key of its own says that the act is one of its own.
 */
export function meantBesides({
  key,
  confirmDuplicate,
}: {
  readonly key?: string;
  readonly confirmDuplicate?: string;
}): { readonly confirmDuplicateOf?: string } {
  const isChosen = key !== undefined && !isOwnKey(key);
  const besides = confirmDuplicate ?? (isChosen ? '*' : undefined);
  return besides === undefined ? {} : { confirmDuplicateOf: besides };
}
