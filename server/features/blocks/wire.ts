import * as z from 'zod';
import { timeText } from '../../clock.js';
import { momentSchema } from '../../money/fields.js';

export const blockSchema = z
  .strictObject({ username: z.string(), createdAt: momentSchema })
  .meta({ id: 'Block', description: 'Somebody whom the viewer does not deal with.' });

export type BlockJson = z.output<typeof blockSchema>;

/** Somebody who is blocked, since a time in microseconds. */
export const blockJson = (block: { readonly username: string; readonly createdAt: number }): BlockJson => ({
  username: block.username,
  createdAt: timeText(block.createdAt),
});
