import { z } from 'zod';

export const blockSchema = z
  .strictObject({ username: z.string(), createdAt: z.iso.datetime({ precision: 6 }) })
  .meta({ id: 'Block', description: 'Somebody whom the viewer does not deal with.' });

export type BlockJson = z.output<typeof blockSchema>;
