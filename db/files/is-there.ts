import { stat } from 'node:fs/promises';

/** Whether there is something at the path; what cannot be looked at counts as not there. */
export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
