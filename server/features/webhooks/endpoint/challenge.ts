import { randomBytes } from 'node:crypto';
import { Refusal } from '../../../errors.js';
import type { OutgoingDelivery, PostAndRead } from './post-delivery.js';

/** Whether an answer holds the challenge: as its whole text, or as `challenge` of a JSON object. */
function isAnswerTo(challenge: string, text: string): boolean {
  if (text.trim() === challenge) {
    return true;
  }
  try {
    return (JSON.parse(text) as { readonly challenge?: unknown } | null)?.challenge === challenge;
  } catch {
    return false;
  }
}

function notAnswered(why: string): Refusal {
  const message = `${why}. It must answer the challenge: a POST of {"type":"webhook.challenge","challenge":"…"}, with the challenge in the answer`;
  return new Refusal('VALIDATION_FAILED', `url: ${message}.`, { errors: [{ field: 'url', message }] });
}

/**
 * Asks an endpoint to give back what nobody else could know, so that events are sent only where somebody wants them: whoever
 * registers a stranger's address does not have posts sent there. Throws VALIDATION_FAILED with what the endpoint did instead.
 */
export async function challengeEndpoint(
  post: PostAndRead,
  { url, secret }: Pick<OutgoingDelivery, 'url' | 'secret'>,
  signal: AbortSignal,
): Promise<void> {
  const challenge = randomBytes(24).toString('hex');
  const body = JSON.stringify({ type: 'webhook.challenge', challenge });
  const { error, text } = await post({ id: 'challenge', eventId: 'challenge', url, secret, body }, signal);
  if (error !== null) {
    throw notAnswered(error);
  }
  if (!isAnswerTo(challenge, text)) {
    throw notAnswered('answered without the challenge');
  }
}
