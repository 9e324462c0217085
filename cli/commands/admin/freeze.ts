import type { AgreeOptions } from '../../admin/agree.js';
import { changeUser } from '../../admin/change-user.js';
import type { Run } from '../../command.js';

export const freeze: Run<AgreeOptions> = (context, [given], options) =>
  changeUser(context, given, options, {
    change: { status: 'frozen' },
    question: (name) => `Freeze ${name}?`,
    isSo: ({ status }) => (status === 'frozen' ? 'frozen' : undefined),
    done: (name) => `${name} is frozen: can log in, read, receive and decline, not pay, ask or accept.`,
  });
