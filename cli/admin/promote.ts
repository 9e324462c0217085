import type { Run } from '../command.js';
import type { AgreeOptions } from './act-on-user/agree.js';
import { changeUser } from './act-on-user/change-user.js';

export const promote: Run<AgreeOptions> = (context, [given], options) =>
  changeUser(context, given, options, {
    change: { role: 'admin' },
    question: (name) => `Make ${name} an administrator?`,
    isSo: ({ role }) => (role === 'admin' ? 'an administrator' : undefined),
    done: (name) => `${name} is an administrator.`,
  });
