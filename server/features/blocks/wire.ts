import * as z from 'zod';
import { momentSchema } from '../../money/fields.js';

export const blockSchema = z
  .strictObject({ username: z.string(), createdAt: momentSchema })
  .meta({ id: 'Block', description: 'Somebody whom the viewer does not deal with.' });

export type BlockJson = z.output<typeof blockSchema>;
