import type { AgreeOptions } from '../../admin/agree.js';
import { changeUser } from '../../admin/change-user.js';
import type { Run } from '../../command.js';

export const promote: Run<AgreeOptions> = (context, [given], options) =>
  changeUser(context, given, options, {
    change: { role: 'admin' },
    question: (name) => `Make ${name} an administrator?`,
    isSo: ({ role }) => (role === 'admin' ? 'an administrator' : undefined),
    done: (name) => `${name} is an administrator.`,
  });
