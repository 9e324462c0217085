import { Refusal } from '../../errors.js';

/** There is none that is on. */
export const noFactor = () =>
  new Refusal('NOT_FOUND', 'You have no second factor. Switch one on first: POST /v1/me/second-factor.', {
    see: 'beginSecondFactor',
  });
