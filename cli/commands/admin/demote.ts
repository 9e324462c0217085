import type { AgreeOptions } from '../../admin/agree.js';
import { changeUser } from '../../admin/change-user.js';
import type { Run } from '../../command.js';

export const demote: Run<AgreeOptions> = (context, [given], options) =>
  changeUser(context, given, options, {
    change: { role: 'user' },
    question: (name) => `Take the role of administrator from ${name}?`,
    isSo: ({ role }) => (role === 'user' ? 'no administrator' : undefined),
    done: (name) => `${name} is no administrator any more.`,
  });
