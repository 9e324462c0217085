import { Refusal } from '../../errors.js';

/** The refusal where there is no second factor that is on. */
export const noFactor = () =>
  new Refusal('NOT_FOUND', 'You have no second factor. Switch one on first.', {
    see: 'beginSecondFactor',
  });
