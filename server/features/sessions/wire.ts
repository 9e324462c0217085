import { z } from 'zod';
import { momentSchema } from '../../money/fields.js';
import { plainText } from '../../money/plain-text.js';
import { userSchema } from '../accounts/wire.js';
import { maxPasswordLength } from '../credentials/prepare-password.js';

export const loginSchema = z
  .strictObject({
    username: z
      .string()
      .max(100)
      .meta({ examples: ['alice'] }),
    password: plainText(maxPasswordLength).meta({ format: 'password', examples: ['maple-7-otter'] }),
  })
  .meta({ id: 'Login' });

export const sessionSchema = z
  .strictObject({
    token: z.string().meta({ description: 'For the Authorization header. Shown this once.' }),
    expiresAt: momentSchema,
    user: userSchema,
    mustChangePassword: z.boolean().meta({
      description: 'Whether the password is a one-time one: nothing but changing it is allowed until it is.',
    }),
  })
  .meta({ id: 'Session' });

export type SessionJson = z.output<typeof sessionSchema>;
