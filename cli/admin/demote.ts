import type { Run } from '../command.js';
import type { AgreeOptions } from './act-on-user/agree.js';
import { changeUser } from './act-on-user/change-user.js';

export const demote: Run<AgreeOptions> = (context, [given], options) =>
  changeUser(context, given, options, {
    change: { role: 'user' },
    question: (name) => `Take the role of administrator from ${name}?`,
    isSo: ({ role }) => (role === 'user' ? 'no administrator' : undefined),
    done: (name) => `${name} is no administrator any more.`,
  });
