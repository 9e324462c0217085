import { InvalidArgumentError } from 'commander';
import type { AuditRecordJson } from '../../../server/features/audit/wire.js';
import { didYouMean } from '../../help/nearest.js';

/** Every act of the trail. The contract holds them as a type alone: the compiler says where one is missing here. */
const acts = Object.keys({
  'admin.registered': true,
  'block.ended': true,
  'block.set': true,
  'invitation.created': true,
  'invitation.revoked': true,
  'limits.changed': true,
  'password.changed': true,
  'password.refused': true,
  'password.reset': true,
  'payment.adjusted': true,
  'profile.changed': true,
  'rates.changed': true,
  'second-factor.begun': true,
  'second-factor.changed': true,
  'second-factor.off': true,
  'second-factor.on': true,
  'second-factor.recovered': true,
  'second-factor.refused': true,
  'session.ended': true,
  'session.opened': true,
  'session.refused': true,
  'token.created': true,
  'token.revoked': true,
  'user.demoted': true,
  'user.frozen': true,
  'user.promoted': true,
  'user.registered': true,
  'user.unfrozen': true,
  'webhook.created': true,
  'webhook.deleted': true,
  'webhook.disabled': true,
} satisfies Record<AuditRecordJson['action'], true>);

const nouns = [...new Set(acts.map((act) => act.slice(0, act.indexOf('.'))))];

/** The words that say which acts are wanted: a noun alone means all of its acts. */
export const actWords: readonly string[] = [...nouns, ...acts];

/** The act, or the beginning of all acts of a noun, that a word stands for. @throws InvalidArgumentError where it stands for none */
export function readAct(word: string): string {
  const named = word.toLowerCase().replace(/\.$/, '');
  if (nouns.includes(named)) {
    return `${named}.`;
  }
  if (!acts.includes(named)) {
    const [hint = 'There is no such act.'] = didYouMean(named, actWords);
    throw new InvalidArgumentError(hint);
  }
  return named;
}
