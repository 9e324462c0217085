import type { AgreeOptions } from '../../admin/agree.js';
import { changeUser } from '../../admin/change-user.js';
import type { Run } from '../../command.js';

export const unfreeze: Run<AgreeOptions> = (context, [given], options) =>
  changeUser(context, given, options, {
    change: { status: 'active' },
    question: (name) => `Unfreeze ${name}?`,
    isSo: ({ status }) => (status === 'active' ? 'active' : undefined),
    done: (name) => `${name} is active and can pay again.`,
  });
