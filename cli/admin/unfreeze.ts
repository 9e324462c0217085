import type { Run } from '../command.js';
import type { AgreeOptions } from './act-on-user/agree.js';
import { changeUser } from './act-on-user/change-user.js';

export const unfreeze: Run<AgreeOptions> = (context, [given], options) =>
  changeUser(context, given, options, {
    change: { status: 'active' },
    question: (name) => `Unfreeze ${name}?`,
    isSo: ({ status }) => (status === 'active' ? 'active' : undefined),
    done: (name) => `${name} is active and can pay again.`,
  });
